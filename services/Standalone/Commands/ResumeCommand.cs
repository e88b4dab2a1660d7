using System.CommandLine;

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
                    await using var desk = context.OpenDesk();
                    var resumed = await desk.ResumeAsync(parsed.GetValue(run)!, cancellation);
                    return await desk.FollowAsync(resumed, parsed.GetValue(output), cancellation);
                }
            )
        );
        return command;
    }
}
