using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Ingestion;
using TransferPipeline.Ingestion.Api;

return PipelineProcess.Run(
    "ingestion",
    args,
    builder => builder.AddPipelineHealth().AddPipelineApi().AddPipelineWorker().AddIngestionService().AddInbox(),
    app => app.UsePipelineApi().MapPipelineDefaults().MapIngestionApi()
);
