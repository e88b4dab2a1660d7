using System.CommandLine;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer retry RUN [STEP]</c></summary>
internal static class RetryCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The run's id." };
        var step = new Argument<string?>("STEP")
        {
            Description = "One step's id; left out, all that did not complete.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--out") { Description = "Folder that the report is copied to." };
        var command = new Command("retry", "Take up again the steps of a run that did not complete.")
        {
            run,
            step,
            output,
            CommandContext.JsonOption,
        };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var retried = await desk.RetryAsync(parsed.GetValue(run)!, parsed.GetValue(step), cancellation);
                    return await desk.FollowAsync(retried, parsed.GetValue(output), cancellation);
                }
            )
        );
        return command;
    }
}
