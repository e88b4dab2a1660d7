using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer models</c> and <c>transfer models import DIR</c></summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var command = new Command("models", "List the models.") { CommandContext.JsonOption, Import() };
        command.SetAction(
            CommandContext.Guard(
                async (context, _, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var models = await desk.ModelsAsync(cancellation);
                    if (context.Terminal.Json)
                    {
                        Terminal.WriteJson(JsonSerializer.Serialize(models, WireFormat.Readable));
                        return ExitCode.Done;
                    }

                    var table = Terminal.Table("model", "made by", "files", "id");
                    foreach (var entry in models)
                        table.AddRow(
                            Terminal.Cell(entry.Id),
                            Terminal.Cell(entry.MadeBy ?? "imported"),
                            Terminal.Cell(entry.Model.Files.Count),
                            Terminal.Cell(entry.ModelId["sha256:".Length..][..12])
                        );
                    context.Terminal.Show(table);
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static Command Import()
    {
        var folder = new Argument<string>("DIR") { Description = "A folder in Hugging Face layout." };
        var name = new Option<string?>("--name") { Description = "The model's name; left out, the folder's." };
        var command = new Command("import", "Store a model's folder under a name.") { folder, name };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var imported = await desk.ImportModelAsync(
                        parsed.GetValue(folder)!,
                        parsed.GetValue(name),
                        cancellation
                    );
                    context.Terminal.Say($"Stored model {imported.Id}.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
