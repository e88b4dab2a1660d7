using Microsoft.AspNetCore.Builder;
using TransferPipeline.Attacks;
using TransferPipeline.Hosting;

var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("attacks");
builder.AddPipelineHealth();
builder.AddPipelineWorker();
builder.AddAttacksService();

var app = builder.Build();
app.MapPipelineDefaults();
app.Run();
