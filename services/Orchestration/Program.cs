using Microsoft.AspNetCore.Builder;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Orchestration;
using TransferPipeline.Orchestration.Api;

var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("orchestration");
builder.AddPipelineHealth();
builder.AddPipelineApi();
builder.AddPipelineWorker();
builder.AddOrchestrationService();

var app = builder.Build();
app.UsePipelineApi();
app.MapPipelineDefaults();
app.MapOrchestrationApi();
app.RunToEnd();
