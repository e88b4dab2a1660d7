using Microsoft.AspNetCore.Builder;
using TransferPipeline.Augmentation;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;

var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("augmentation");
builder.AddPipelineHealth();
builder.AddPipelineApi();
builder.AddPipelineWorker();
builder.AddAugmentationService();

var app = builder.Build();
app.UsePipelineApi();
app.MapPipelineDefaults();
app.Run();
