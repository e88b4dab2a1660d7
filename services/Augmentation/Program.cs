using TransferPipeline.Augmentation;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;

return PipelineProcess.Run(
    "augmentation",
    args,
    builder => builder.AddPipelineHealth().AddPipelineApi().AddPipelineWorker().AddAugmentationService(),
    app => app.UsePipelineApi().MapPipelineDefaults()
);
