using Microsoft.AspNetCore.Builder;
using TransferPipeline.Hosting;
using TransferPipeline.Training;

var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("training");
builder.AddPipelineHealth();
builder.AddPipelineWorker();
builder.AddTrainingService();

var app = builder.Build();
app.MapPipelineDefaults();
app.Run();
