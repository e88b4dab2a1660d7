using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer runs</c></summary>
internal static class RunsCommand
{
    public static Command Create()
    {
        var command = new Command("runs", "List the runs, newest first.") { CommandContext.JsonOption };
        command.SetAction(
            CommandContext.Guard(
                async (context, _, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var runs = await desk.RunsAsync(cancellation);
                    if (context.Terminal.Json)
                    {
                        Terminal.WriteJson(JsonSerializer.Serialize(runs, WireFormat.Readable));
                        return ExitCode.Done;
                    }

                    var table = Terminal.Table(
                        "run",
                        "scenario",
                        "state",
                        "steps",
                        "submitted",
                        "finished",
                        "started by"
                    );
                    foreach (var run in runs)
                        table.AddRow(
                            Terminal.Cell(run.Id),
                            Terminal.Cell(run.Scenario),
                            Terminal.Cell(State(run, context)),
                            Terminal.Cell(run.Steps.Count),
                            Terminal.Cell(Time(run.Submitted)),
                            Terminal.Cell(run.Finished is { } finished ? Time(finished) : ""),
                            Terminal.Cell(run.StartedBy is { } origin ? $"{origin.Trigger} {origin.Event}" : "")
                        );
                    context.Terminal.Show(table);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    /// <summary>A run under way whose process is gone waits for <c>transfer resume</c>.</summary>
    private static string State(RunDocument run, CommandContext context) =>
        context.Server is null && run is { State: RunState.Running, Owner: { } owner } && !owner.IsAlive()
            ? "stopped"
            : run.State.ToString().ToLowerInvariant();

    private static string Time(DateTimeOffset at) =>
        at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
