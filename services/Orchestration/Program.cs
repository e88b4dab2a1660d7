using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Orchestration;
using TransferPipeline.Orchestration.Api;

return PipelineProcess.Run(
    "orchestration",
    args,
    builder => builder.AddPipelineHealth().AddPipelineApi().AddPipelineWorker().AddOrchestrationService(),
    app => app.UsePipelineApi().MapPipelineDefaults().MapOrchestrationApi()
);
