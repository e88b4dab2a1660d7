using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using TransferPipeline.Attacks.Importing;
using TransferPipeline.Contracts;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer lexicons</c> and <c>import KIND PATH</c></summary>
internal static class LexiconsCommand
{
    public static Command Create()
    {
        var command = new Command("lexicons", "List the packs of words.") { CommandContext.JsonOption, Import() };
        command.SetAction(
            CommandContext.Guard(
                async (context, _, cancellation) =>
                {
                    await using var pipeline = EmbeddedPipeline.Create(context);
                    var lexicons = await pipeline.Catalogue.LexiconsAsync(cancellation);
                    if (context.Terminal.Json)
                    {
                        Terminal.WriteJson(JsonSerializer.Serialize(lexicons, WireFormat.Readable));
                        return ExitCode.Done;
                    }

                    var table = Terminal.Table("lexicon", "kind", "entries", "pack");
                    foreach (var entry in lexicons)
                        table.AddRow(
                            Terminal.Cell(entry.Id),
                            Terminal.Cell(entry.Kind),
                            Terminal.Cell(entry.Entries),
                            Terminal.Cell(ContentHash.Short(entry.Pack.Hash))
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
        var kind = new Argument<string>("KIND") { Description = string.Join(", ", LexiconKinds.Names) + "." };
        var path = new Argument<string>("PATH")
        {
            Description = "A WordNet 3.x dictionary folder, or a file of the other kinds.",
        };
        var name = new Option<string?>("--name") { Description = "The pack's name; left out, its kind." };
        var command = new Command("import", "Make a pack of words and store it under a name.") { kind, path, name };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using var pipeline = EmbeddedPipeline.Create(context);
                    var imported = await pipeline
                        .Services.GetRequiredService<LexiconImporter>()
                        .ImportAsync(
                            parsed.GetValue(kind)!,
                            parsed.GetValue(path)!,
                            parsed.GetValue(name),
                            cancellation
                        );
                    context.Terminal.Say($"Stored lexicon {imported.Id}, {imported.Entries} entries.");
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }
}
