using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Training;
using TransferPipeline.Training.Api;

LargePages.Ask();
return PipelineProcess.Run(
    "training",
    args,
    builder => builder.AddPipelineHealth().AddPipelineApi().AddPipelineWorker().AddTrainingService(),
    app => app.UsePipelineApi().MapPipelineDefaults().MapTrainingApi()
);
