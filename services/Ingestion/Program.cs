using Microsoft.AspNetCore.Builder;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Ingestion;
using TransferPipeline.Ingestion.Api;

var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("ingestion");
builder.AddPipelineHealth();
builder.AddPipelineApi();
builder.AddPipelineWorker();
builder.AddIngestionService();
builder.AddInbox();

var app = builder.Build();
app.UsePipelineApi();
app.MapPipelineDefaults();
app.MapIngestionApi();
app.RunToEnd();
