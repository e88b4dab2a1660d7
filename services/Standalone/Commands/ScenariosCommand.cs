using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Triggers;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer scenarios [add FILE|list|remove NAME]</c></summary>
internal static class ScenariosCommand
{
    public static Command Create()
    {
        var list = new Command("list", "List them and what started them last.") { CommandContext.JsonOption };
        list.SetAction(Guard(ListAsync));
        var command = new Command("scenarios", "Scenarios that events start, while a server runs.")
        {
            Add(),
            list,
            Remove(),
            CommandContext.JsonOption,
        };
        command.SetAction(Guard(ListAsync));
        return command;
    }

    private static async Task<int> ListAsync(
        CommandContext context,
        ScenarioShelf shelf,
        ParseResult _,
        CancellationToken cancellation
    )
    {
        var scenarios = await shelf.ListAsync(cancellation);
        if (context.Terminal.Json)
        {
            Terminal.WriteJson(JsonSerializer.Serialize(scenarios, WireFormat.Readable));
            return ExitCode.Done;
        }
        var table = Terminal.Table("scenario", "on", "started", "last");
        foreach (var scenario in scenarios)
        {
            var firings = await shelf.FiringsAsync(scenario.Id, cancellation);
            table.AddRow(
                Terminal.Cell(scenario.Id),
                Terminal.Cell(Events(scenario)),
                Terminal.Cell(firings.Count(firing => firing.State != FiringState.Refused)),
                Terminal.Cell(firings.Count == 0 ? "" : Last(firings[0]))
            );
        }
        context.Terminal.Show(table);
        return ExitCode.Done;
    }

    private static Command Add()
    {
        var file = new Argument<string>("FILE") { Description = "The scenario, a YAML file with on:." };
        var command = new Command("add", "Check a scenario and let its events start it from now on.") { file };
        command.SetAction(
            Guard(
                async (context, shelf, parsed, cancellation) =>
                {
                    var path = parsed.GetValue(file)!;
                    if (!File.Exists(path))
                        throw new BadInputException($"{path}: there is no such file; expected a scenario in YAML.");
                    var source = await File.ReadAllTextAsync(path, cancellation);
                    var added = await shelf.AddAsync(source, Path.GetFileName(path), cancellation);
                    context.Terminal.Say($"Scenario {added.Id} is started by {Events(added)}, while a server runs.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("NAME") { Description = "The scenario's name." };
        var command = new Command("remove", "Let events start a scenario no more.") { name };
        command.SetAction(
            Guard(
                async (context, shelf, parsed, cancellation) =>
                {
                    await shelf.RemoveAsync(parsed.GetValue(name)!, cancellation);
                    context.Terminal.Say($"Events no longer start {parsed.GetValue(name)}.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static Func<ParseResult, CancellationToken, Task<int>> Guard(
        Func<CommandContext, ScenarioShelf, ParseResult, CancellationToken, Task<int>> action
    ) =>
        CommandContext.Guard(
            async (context, parsed, cancellation) =>
            {
                await using var pipeline = EmbeddedPipeline.Create(context);
                var shelf = pipeline.Services.GetRequiredService<ScenarioShelf>();
                return await action(context, shelf, parsed, cancellation);
            }
        );

    private static string Events(ScenarioDocument scenario) =>
        string.Join(
            " and ",
            new[]
            {
                scenario.DatasetName is { } name ? $"dataset {name} (as {scenario.DatasetInput})" : null,
                scenario.AfterScenario is { } before ? $"completed runs of {before}" : null,
            }.OfType<string>()
        );

    private static string Last(FiringDocument firing) =>
        firing.State == FiringState.Refused ? $"{firing.Origin.Event}: {firing.Error}" : firing.Origin.Event;
}
