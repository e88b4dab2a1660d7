using TransferPipeline.Standalone;

return await TransferCommandLine.RunAsync(args);
