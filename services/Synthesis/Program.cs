using TransferPipeline.Hosting;
using TransferPipeline.Synthesis;

LargePages.Ask();
return PipelineProcess.Run(
    "synthesis",
    args,
    builder => builder.AddPipelineHealth().AddPipelineWorker().AddSynthesisService(),
    app => app.MapPipelineDefaults()
);
