using Microsoft.AspNetCore.Builder;
using TransferPipeline.Hosting;
using TransferPipeline.Orchestration;

var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("orchestration");
builder.AddPipelineHealth();
builder.AddPipelineWorker();
builder.AddOrchestrationService();

var app = builder.Build();
app.MapPipelineDefaults();
app.Run();
