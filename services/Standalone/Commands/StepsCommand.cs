using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer steps RUN</c></summary>
internal static class StepsCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The run's id." };
        var command = new Command("steps", "List a run's steps and where they stand.")
        {
            run,
            CommandContext.JsonOption,
        };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var steps = await desk.StepsAsync(parsed.GetValue(run)!, cancellation);
                    if (context.Terminal.Json)
                    {
                        Terminal.WriteJson(JsonSerializer.Serialize(steps, WireFormat.Readable));
                        return ExitCode.Done;
                    }

                    var table = Terminal.Table("step", "uses", "cell", "state", "progress");
                    foreach (var step in steps)
                        table.AddRow(
                            Terminal.Cell(step.Id),
                            Terminal.Cell(step.Uses),
                            Terminal.Cell(string.Join(", ", step.Cell.Select(pair => $"{pair.Key} {pair.Value}"))),
                            Terminal.Cell(RunDisplay.Outcome(step)),
                            Terminal.Cell(RunDisplay.HasEnded(step.State) ? "" : step.Progress?.Text)
                        );
                    context.Terminal.Show(table);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
