using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer datasets</c></summary>
internal static class DatasetsCommand
{
    public static Command Create()
    {
        var command = new Command("datasets", "List the datasets.") { CommandContext.JsonOption };
        command.SetAction(
            CommandContext.Guard(
                async (context, _, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var datasets = await desk.DatasetsAsync(cancellation);
                    if (context.Terminal.Json)
                    {
                        Terminal.WriteJson(JsonSerializer.Serialize(datasets, WireFormat.Readable));
                        return ExitCode.Done;
                    }

                    var table = Terminal.Table("dataset", "task", "labels", "rows", "id");
                    foreach (var entry in datasets)
                        table.AddRow(
                            Terminal.Cell(entry.Id),
                            Terminal.Cell(JsonNamingPolicy.CamelCase.ConvertName(entry.Dataset.Task.ToString())),
                            Terminal.Cell(Shortened(entry.Dataset.Labels)),
                            Terminal.Cell(
                                string.Join(", ", entry.Dataset.Splits.Select(split => $"{split.Name} {split.Rows}"))
                            ),
                            Terminal.Cell(ContentHash.Short(entry.DatasetId))
                        );
                    context.Terminal.Show(table);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static string Shortened(IReadOnlyList<string> labels) =>
        labels.Count <= 4 ? string.Join(", ", labels) : $"{string.Join(", ", labels.Take(4))} … ({labels.Count})";
}
