using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.Standalone.Predicting;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer predict MODEL --text TEXT … | FILE</c></summary>
internal static class PredictCommand
{
    private static readonly Argument<string> Model = new("MODEL")
    {
        Description = "A model's name, or a folder in Hugging Face layout.",
    };
    private static readonly Argument<string?> FilePath = new("FILE")
    {
        Description = "Texts in any format that ingest reads.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string[]> Text = new("--text")
    {
        Description = "A text, or a question; repeatable.",
    };
    private static readonly Option<string[]> TextB = new("--text-b")
    {
        Description = "The second text of a pair, or the context of a question; one for each --text.",
    };
    private static readonly Option<string?> Column = new("--column")
    {
        Description = "The file's column of the text; left out, guessed.",
    };
    private static readonly Option<string?> ColumnB = new("--column-b")
    {
        Description = "The file's column of the second text; left out, guessed.",
    };
    private static readonly Option<string?> Format = new("--format")
    {
        Description = "The file's format; left out, told from the file.",
    };
    private static readonly Option<double?> NullThreshold = new("--null-threshold")
    {
        Description = "Say no answer where its score exceeds the best answer's by more; left out, always an answer.",
    };

    private static readonly Option<bool> Strict = new("--strict")
    {
        Description = "Refuse texts that are longer than what the model reads.",
    };

    /// <summary>Characters of a text in the table; <c>--json</c> gives all.</summary>
    private const int LongestShown = 240;

    public static Command Create()
    {
        var command = new Command("predict", "Let a model read texts.")
        {
            Model,
            FilePath,
            Text,
            TextB,
            Column,
            ColumnB,
            Format,
            NullThreshold,
            Strict,
            CommandContext.JsonOption,
        };
        command.SetAction(CommandContext.Guard(PredictAsync));
        return command;
    }

    private static async Task<int> PredictAsync(
        CommandContext context,
        ParseResult parsed,
        CancellationToken cancellation
    )
    {
        var texts = parsed.GetValue(Text) ?? [];
        var path = parsed.GetValue(FilePath);
        if ((path is null) == (texts.Length == 0))
            throw new BadInputException("expected --text TEXT, or a file of texts; one of them");
        var rows = path is null
            ? TextsToRead.Given(texts, parsed.GetValue(TextB) ?? [])
            : TextsToRead.In(
                path,
                parsed.GetValue(Format),
                new NamedColumns(parsed.GetValue(Column), parsed.GetValue(ColumnB))
            );

        var name = parsed.GetValue(Model)!;
        return await OpenedModels.UseAsync(async models =>
        {
            var folder = await FolderAsync(context, models, name, cancellation);
            var said = ModelReader.Read(folder, rows, parsed.GetValue(NullThreshold), cancellation);
            CheckLengths(context.Terminal, said, parsed.GetValue(Strict));
            Show(context.Terminal, name, said);
            return ExitCode.Done;
        });
    }

    private static async Task<string> FolderAsync(
        CommandContext context,
        OpenedModels models,
        string name,
        CancellationToken cancellation
    )
    {
        await using var pipeline = EmbeddedPipeline.Create(context);
        return await models.FolderAsync(pipeline, name, cancellation);
    }

    private static void CheckLengths(Terminal terminal, IReadOnlyList<Said> all, bool strict)
    {
        var cut = all.Where(said => said.CutOff > 0).ToList();
        if (cut.Count == 0)
            return;
        if (strict)
            throw new BadInputException(
                $"text {cut[0].Id} is longer than what the model reads, by {cut[0].CutOff}; --strict allows none"
            );
        terminal.Complain(
            $"{cut.Count} of {all.Count} texts are longer than what the model reads; the rest of them was cut off."
        );
    }

    private static void Show(Terminal terminal, string model, IReadOnlyList<Said> all)
    {
        if (terminal.Json)
        {
            var list = new JsonArray([.. all.Select(said => (JsonNode)said.Json)]);
            Terminal.WriteJson(
                new JsonObject { ["model"] = model, ["predictions"] = list }.ToJsonString(WireFormat.Readable)
            );
            return;
        }
        var table = Terminal.Table("id", "text", "prediction");
        foreach (var said in all)
            table.AddRow(Terminal.Cell(said.Id), Terminal.Cell(Beginning(said.Text)), Terminal.Cell(said.Answer));
        terminal.Show(table);
    }

    private static string Beginning(string text) =>
        text.Length <= LongestShown ? text : string.Concat(text.EnumerateRunes().Take(LongestShown - 1)) + "…";
}
