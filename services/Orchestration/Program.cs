using Microsoft.AspNetCore.Builder;
using TransferPipeline.Hosting;
using TransferPipeline.Orchestration;
using TransferPipeline.Orchestration.DeadLetters;

var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("orchestration");
builder.AddPipelineHealth();
builder.AddPipelineWorker();
builder.AddOrchestrationService();

var app = builder.Build();
app.MapPipelineDefaults();
app.MapDeadLetterApi();
app.Run();
