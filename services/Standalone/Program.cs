using TransferPipeline.Hosting;
using TransferPipeline.Standalone;

// Not for those that only look something up: starting over takes a fifth of a second.
string[] training = ["run", "demo", "resume", "retry", "serve"];
if (args.Any(training.Contains))
    LargePages.Ask();
return await TransferCommandLine.RunAsync(args);
