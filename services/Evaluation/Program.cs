using TransferPipeline.Evaluation;
using TransferPipeline.Evaluation.Api;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;

return PipelineProcess.Run(
    "evaluation",
    args,
    builder => builder.AddPipelineHealth().AddPipelineApi().AddPipelineWorker().AddEvaluationService(),
    app => app.UsePipelineApi().MapPipelineDefaults().MapEvaluationApi()
);
