using System.CommandLine;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer cancel RUN</c></summary>
internal static class CancelCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The run's id." };
        var command = new Command("cancel", "Stop a run; running steps stop at their next batch.") { run };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var cancelled = await desk.CancelAsync(parsed.GetValue(run)!, cancellation);
                    context.Terminal.Say($"Run {cancelled.Id} is asked to stop.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
