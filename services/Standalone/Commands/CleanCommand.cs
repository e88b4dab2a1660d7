using System.CommandLine;
using System.Globalization;
using TransferPipeline.Contracts;
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
        var command = new Command("clean", "Remove artefacts that nothing refers to.") { age, dryRun };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var dry = parsed.GetValue(dryRun);
                    var older = parsed.GetValue(age)!;
                    Age(older);
                    var result = await desk.CleanAsync(older, dry, cancellation);
                    var size = (result.Bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
                    context.Terminal.Say(
                        $"{(dry ? "Would remove" : "Removed")} {result.Artefacts} artefacts, {size} MB."
                    );
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    internal static TimeSpan Age(string text)
    {
        var unit = text.Length > 1 ? text[^1] : ' ';
        if (
            unit is 's' or 'm' or 'h' or 'd'
            && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count < 100_000
        )
            return unit switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                _ => TimeSpan.FromDays(count),
            };
        throw new BadInputException($"--older-than {text}: expected a number and s, m, h or d, as in 1d or 12h.");
    }
}
