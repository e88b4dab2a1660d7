using System.CommandLine;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer resume RUN</c></summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The run's id." };
        var output = new Option<string?>("--out") { Description = "Folder that the report is copied to." };
        var command = new Command("resume", "Go on with a run whose process died or was stopped.")
        {
            run,
            output,
            CommandContext.JsonOption,
        };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using var pipeline = EmbeddedPipeline.Create(context);
                    var resumed = await pipeline.Runs.ResumeAsync(
                        parsed.GetValue(run)!,
                        RunOwner.Current(),
                        cancellation
                    );
                    return await RunFollower.FollowAsync(
                        context,
                        pipeline,
                        resumed,
                        parsed.GetValue(output),
                        cancellation
                    );
                }
            )
        );
        return command;
    }
}
