using Microsoft.AspNetCore.Builder;
using TransferPipeline.Hosting;
using TransferPipeline.Ingestion;

var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("ingestion");
builder.AddPipelineHealth();
builder.AddPipelineWorker();
builder.AddIngestionService();
builder.AddInbox();

var app = builder.Build();
app.MapPipelineDefaults();
app.Run();
