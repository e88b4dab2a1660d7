using Microsoft.AspNetCore.Builder;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Training;
using TransferPipeline.Training.Api;

LargePages.Ask();
var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("training");
builder.AddPipelineHealth();
builder.AddPipelineApi();
builder.AddPipelineWorker();
builder.AddTrainingService();

var app = builder.Build();
app.UsePipelineApi();
app.MapPipelineDefaults();
app.MapTrainingApi();
app.RunToEnd();
