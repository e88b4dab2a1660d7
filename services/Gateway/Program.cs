using Microsoft.AspNetCore.Builder;
using TransferPipeline.Gateway;
using TransferPipeline.Hosting;

var builder = WebApplication.CreateBuilder(args);

builder.AddPipelineDefaults("gateway");
builder.AddGateway();

var app = builder.Build();
app.MapGateway();
app.RunToEnd();
