using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Models;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer models</c>, <c>import DIR</c>, <c>export NAME FOLDER</c> and <c>pull NAME</c></summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var command = new Command("models", "List the models.")
        {
            CommandContext.JsonOption,
            Import(),
            Export(),
            PullCommand.Create(),
        };
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
                            Terminal.Cell(ContentHash.Short(entry.ModelId))
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
                        source: null,
                        cancellation
                    );
                    context.Terminal.Say($"Stored model {imported.Id}.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static Command Export()
    {
        var name = new Argument<string>("NAME") { Description = "A model's name, or name@number." };
        var folder = new Argument<string>("FOLDER") { Description = "A new or an empty folder." };
        var command = new Command("export", "Write a model's files into a folder as they are stored.") { name, folder };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var asked = parsed.GetValue(name)!;
                    var known = await desk.ModelsAsync(cancellation);
                    var found =
                        PathInputResolver.Newest(known, asked, entry => (entry.Id, entry.Name, entry.Number))
                        ?? throw new BadInputException(
                            $"there is no model '{asked}'; 'transfer models' lists those that are stored"
                        );
                    var written = await ModelExport.WriteAsync(
                        desk,
                        found.Model,
                        parsed.GetValue(folder)!,
                        cancellation
                    );
                    context.Terminal.Say($"Wrote model {found.Id} to {written}.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
