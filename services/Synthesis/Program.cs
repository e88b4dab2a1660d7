using Microsoft.AspNetCore.Builder;
using TransferPipeline.Hosting;
using TransferPipeline.Synthesis;

LargePages.Ask();
var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("synthesis");
builder.AddPipelineHealth();
builder.AddPipelineWorker();
builder.AddSynthesisService();

var app = builder.Build();
app.MapPipelineDefaults();
app.Run();
