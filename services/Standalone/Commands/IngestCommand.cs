using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Standalone.Terminals;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer ingest PATH --name NAME</c></summary>
internal static class IngestCommand
{
    /// <summary>In the order of <see cref="TaskType"/>.</summary>
    private static readonly string[] Tasks =
    [
        .. Enum.GetNames<TaskType>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName),
    ];

    private static readonly Argument<string?> Path = new("PATH")
    {
        Description = "A file, or a folder whose file names end in the splits' names.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string> Name = new("--name")
    {
        Description = "The dataset's name.",
        Required = true,
    };
    private static readonly Option<string?> Task = new("--task")
    {
        Description = $"{string.Join(", ", Tasks)}; left out, guessed.",
    };
    private static readonly Option<string?> Format = new("--format")
    {
        Description =
            $"{string.Join(", ", DatasetFormats.All.Select(format => format.Name))}; left out, told from the file.",
    };
    private static readonly Option<string> Encoding = new("--encoding")
    {
        Description = "utf-8 or latin1.",
        DefaultValueFactory = _ => "utf-8",
    };
    private static readonly Option<string[]> Split = new("--split")
    {
        Description = "NAME=PATH for a split's file, NAME=0.1 to cut a share off train; repeatable.",
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "Seed of the splits cut here.",
        DefaultValueFactory = _ => 13,
    };
    private static readonly Option<string?> Text = Column("--text", "text");
    private static readonly Option<string?> TextB = Column("--text-b", "second text");
    private static readonly Option<string?> Label = Column("--label", "label");
    private static readonly Option<string[]> Labels = new("--labels")
    {
        Description = "OLD=NEW names a label as a ready-made model does, as in 0=negative 1=positive; repeatable.",
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<string?> Id = Column("--id", "example's id");
    private static readonly Option<string?> SplitColumn = Column("--split-column", "split's name");
    private static readonly Option<string?> Group = Column("--group", "group that stays in one split");
    private static readonly Option<bool> Strict = new("--strict")
    {
        Description = "Refuse splits that have texts in common.",
    };

    public static Command Create()
    {
        var command = new Command("ingest", "Store a dataset.")
        {
            Path,
            Name,
            Task,
            Format,
            Encoding,
            Split,
            Seed,
            Text,
            TextB,
            Label,
            Labels,
            Id,
            SplitColumn,
            Group,
            Strict,
            CommandContext.JsonOption,
        };
        command.SetAction(
            CommandContext.Guard(
                async (context, parsed, cancellation) =>
                {
                    await using var desk = context.OpenDesk();
                    var stored = await desk.IngestAsync(Request(parsed), cancellation);
                    DatasetSummary.Show(context.Terminal, stored);
                    if (context.Terminal.Json)
                        Terminal.WriteJson(JsonSerializer.Serialize(stored, WireFormat.Readable));
                    return ExitCode.Done;
                }
            )
        );
        return command;
    }

    private static ImportRequest Request(ParseResult parsed)
    {
        var splits = (parsed.GetValue(Split) ?? []).Select(Pair).ToList();
        return new ImportRequest
        {
            Name = parsed.GetValue(Name)!,
            Path = parsed.GetValue(Path),
            Splits =
            [
                .. splits
                    .Where(split => Share(split.Value) is null)
                    .Select(split => new SplitFile(split.Name, split.Value)),
            ],
            Fractions = splits
                .Where(split => Share(split.Value) is not null)
                .ToDictionary(split => split.Name, split => Share(split.Value)!.Value),
            Seed = parsed.GetValue(Seed),
            Task = TaskOf(parsed.GetValue(Task)),
            Format = parsed.GetValue(Format),
            Encoding = EncodingOf(parsed.GetValue(Encoding)!),
            Columns = new NamedColumns(
                parsed.GetValue(Text),
                parsed.GetValue(TextB),
                parsed.GetValue(Label),
                parsed.GetValue(Id),
                parsed.GetValue(SplitColumn),
                parsed.GetValue(Group)
            ),
            LabelNames = ImportRequest.NamesOf(parsed.GetValue(Labels) ?? [], "--labels "),
            Strict = parsed.GetValue(Strict),
        };
    }

    private static Option<string?> Column(string name, string what) =>
        new(name) { Description = $"Column of the {what}." };

    private static (string Name, string Value) Pair(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } value]
            ? (name, value)
            : throw new BadInputException(
                $"--split {text}: expected NAME=PATH or NAME=SHARE, as in test=test.csv or dev=0.1"
            );

    private static double? Share(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
        && share is > 0 and < 1
            ? share
            : null;

    private static TaskType? TaskOf(string? text) =>
        text is null ? null
        : Array.IndexOf(Tasks, text) is >= 0 and var task ? (TaskType)task
        : throw new BadInputException($"--task {text}: expected one of {string.Join(", ", Tasks)}");

    private static TextEncoding EncodingOf(string text) =>
        text switch
        {
            "utf-8" => TextEncoding.Utf8,
            "latin1" => TextEncoding.Latin1,
            _ => throw new BadInputException($"--encoding {text}: expected utf-8 or latin1"),
        };
}
