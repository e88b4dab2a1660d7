using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Desks;
using TransferPipeline.Standalone.Terminals;

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
        IStudyDesk desk,
        ParseResult _,
        CancellationToken cancellation
    )
    {
        var scenarios = await desk.ScenariosAsync(cancellation);
        if (context.Terminal.Json)
        {
            Terminal.WriteJson(JsonSerializer.Serialize(scenarios, WireFormat.Readable));
            return ExitCode.Done;
        }
        var table = Terminal.Table("scenario", "on", "started", "last");
        foreach (var entry in scenarios)
            table.AddRow(
                Terminal.Cell(entry.Scenario.Id),
                Terminal.Cell(entry.Events),
                Terminal.Cell(entry.Started),
                Terminal.Cell(entry.Last ?? "")
            );
        context.Terminal.Show(table);
        return ExitCode.Done;
    }

    private static Command Add()
    {
        var file = new Argument<string>("FILE") { Description = "The scenario, a YAML file with on:." };
        var command = new Command("add", "Check a scenario and let its events start it from now on.") { file };
        command.SetAction(
            Guard(
                async (context, desk, parsed, cancellation) =>
                {
                    var path = parsed.GetValue(file)!;
                    if (!File.Exists(path))
                        throw new BadInputException($"{path}: there is no such file; expected a scenario in YAML.");
                    var source = await File.ReadAllTextAsync(path, cancellation);
                    var added = await desk.AddScenarioAsync(source, Path.GetFileName(path), cancellation);
                    context.Terminal.Say(
                        $"Scenario {added.Scenario.Id} is started by {added.Events}, while a server runs."
                    );
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
                async (context, desk, parsed, cancellation) =>
                {
                    await desk.RemoveScenarioAsync(parsed.GetValue(name)!, cancellation);
                    context.Terminal.Say($"Events no longer start {parsed.GetValue(name)}.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static Func<ParseResult, CancellationToken, Task<int>> Guard(
        Func<CommandContext, IStudyDesk, ParseResult, CancellationToken, Task<int>> action
    ) =>
        CommandContext.Guard(
            async (context, parsed, cancellation) =>
            {
                await using var desk = context.OpenDesk();
                return await action(context, desk, parsed, cancellation);
            }
        );
}
