using TransferPipeline.Gateway;
using TransferPipeline.Hosting;

return PipelineProcess.Run("gateway", args, builder => builder.AddGateway(), app => app.MapGateway());
