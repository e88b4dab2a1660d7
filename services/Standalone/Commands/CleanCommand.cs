using System.CommandLine;
using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Standalone.Hub;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer clean [--older-than AGE] [--dry-run]</c></summary>
internal static class CleanCommand
{
    public static Command Create()
    {
        var age = new Option<string>("--older-than")
        {
            Description = "Only what is older: a number and s, m, h or d.",
            DefaultValueFactory = _ => "1d",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would go; remove nothing." };
        var command = new Command("clean", "Remove artefacts that nothing refers to, and pulls that never ended.")
        {
            age,
            dryRun,
        };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var dry = parsed.GetValue(dryRun);
                    var older = parsed.GetValue(age)!;
                    var olderThan = Age(older);
                    var result = await desk.CleanAsync(older, dry, cancellation);
                    Say(context, dry, $"{result.Artefacts} artefacts", result.Bytes);
                    if (context.Server is null)
                        CleanPulls(context, olderThan, dry);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static void CleanPulls(CommandContext context, TimeSpan olderThan, bool dry)
    {
        var unfinished = new UnfinishedPulls(context.Downloads, TimeProvider.System);
        var (pulls, bytes) = unfinished.Clean(olderThan, dry);
        if (pulls > 0)
            Say(context, dry, $"what was fetched in {pulls} unfinished pulls", bytes);
    }

    private static void Say(CommandContext context, bool dry, string what, long bytes) =>
        context.Terminal.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(dry ? "Would remove" : "Removed")} {what}, {bytes / 1e6:0.0} MB."
            )
        );

    internal static TimeSpan Age(string text) =>
        CleanUpAge.Of(text) ?? throw new BadInputException($"--older-than {text}: {CleanUpAge.Expected}.");
}
