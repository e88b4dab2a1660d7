using Microsoft.AspNetCore.Builder;
using TransferPipeline.Evaluation;
using TransferPipeline.Evaluation.Api;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;

var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("evaluation");
builder.AddPipelineHealth();
builder.AddPipelineApi();
builder.AddPipelineWorker();
builder.AddEvaluationService();

var app = builder.Build();
app.UsePipelineApi();
app.MapPipelineDefaults();
app.MapEvaluationApi();
app.RunToEnd();
