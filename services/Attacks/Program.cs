using TransferPipeline.Attacks;
using TransferPipeline.Hosting;

return PipelineProcess.Run(
    "attacks",
    args,
    builder => builder.AddPipelineHealth().AddPipelineWorker().AddAttacksService(),
    app => app.MapPipelineDefaults()
);
