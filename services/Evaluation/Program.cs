using Microsoft.AspNetCore.Builder;
using TransferPipeline.Evaluation;
using TransferPipeline.Hosting;

var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("evaluation");
builder.AddPipelineHealth();
builder.AddPipelineWorker();
builder.AddEvaluationService();

var app = builder.Build();
app.MapPipelineDefaults();
app.Run();
