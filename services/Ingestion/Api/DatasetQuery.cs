using System.Globalization;
using Microsoft.AspNetCore.Http;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Hosting.Http.Uploads;
using TransferPipeline.Ingestion.Importing;

namespace TransferPipeline.Ingestion.Api;

/// <summary>The parameters of an upload, as its query says them.</summary>
internal sealed class DatasetQuery
{
    private const int LongestValue = 256;

    private static readonly string[] Known =
    [
        "name",
        "task",
        "format",
        "encoding",
        "seed",
        "strict",
        "text",
        "textB",
        "label",
        "labels",
        "id",
        "splitColumn",
        "group",
        "split",
        "filename",
    ];

    private readonly IQueryCollection _query;

    public DatasetQuery(IQueryCollection query)
    {
        _query = query;
        foreach (var (key, values) in query)
            if (!Known.Contains(key))
                throw ApiProblemException.BadInput(
                    $"The parameter '{key}' is not known; expected {string.Join(", ", Known)}."
                );
            else if (key is not ("split" or "labels") && values.Count != 1)
                throw ApiProblemException.BadInput($"{key} is given {values.Count} times; expected it once.");
            else if (values.Any(value => value?.Length > LongestValue))
                throw ApiProblemException.BadInput($"{key} is longer than {LongestValue} characters.");
        Name = PlainNames.OfEntry(One("name"));
        var splits = query["split"].Select(value => value ?? "").ToList();
        Fractions = Shares(splits.Where(value => value.Contains(':')));
        RawSplit = splits.Where(value => !value.Contains(':')).ToList() switch
        {
            [] => null,
            [var only] => only,
            _ => throw ApiProblemException.BadInput("split names several splits for one body; expected one."),
        };
    }

    public string Name { get; }

    /// <summary>What a raw body is called.</summary>
    public string? FileName => One("filename");

    /// <summary>The split that a raw body holds.</summary>
    public string? RawSplit { get; }

    private IReadOnlyDictionary<string, double> Fractions { get; }

    public ImportRequest Request(IReadOnlyList<UploadedFile> files)
    {
        var splits = files.Select(file => new SplitFile(SplitOf(file, files.Count == 1), file.Path)).ToList();
        return new ImportRequest
        {
            Name = Name,
            Splits = splits,
            Fractions = Fractions,
            Seed = Seed(),
            Task = Task(),
            Format = One("format"),
            Encoding = Encoding(),
            Columns = new NamedColumns(
                One("text"),
                One("textB"),
                One("label"),
                One("id"),
                One("splitColumn"),
                One("group")
            ),
            LabelNames = ImportRequest.NamesOf(_query["labels"].Select(value => value ?? ""), "labels "),
            Strict = Flag("strict"),
        };
    }

    private string SplitOf(UploadedFile file, bool alone)
    {
        var named = file.Field.Length == 0 ? RawSplit : file.Field;
        if (named is not (null or "file"))
            return SplitNames.Position(named) >= 0
                ? named
                : throw ApiProblemException.BadInput(
                    $"There is no split '{named}'; expected train, dev, test, unlabelled or file."
                );
        if (alone)
            return "train";
        return SplitNames.OfFile(file.Name) is >= 0 and var split
            ? Datasets.DatasetIdentity.SplitNames[split]
            : throw ApiProblemException.BadInput(
                $"{file.Name}: its name ends in no split's name; expected its part to be named train, dev, test or unlabelled."
            );
    }

    private string? One(string key) => _query[key].FirstOrDefault() is { Length: > 0 } value ? value : null;

    private long Seed() =>
        One("seed") is not { } text ? 13
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw ApiProblemException.BadInput($"seed '{text}' is no whole number; expected one, as in 13.");

    private bool Flag(string key) =>
        One(key) switch
        {
            null or "false" => false,
            "true" => true,
            var other => throw ApiProblemException.BadInput($"{key} is '{other}'; expected true or false."),
        };

    private TaskType? Task() =>
        One("task") switch
        {
            null => null,
            "classification" => TaskType.Classification,
            "pair-classification" => TaskType.PairClassification,
            "regression" => TaskType.Regression,
            "text" => TaskType.Text,
            var other => throw ApiProblemException.BadInput(
                $"task is '{other}'; expected classification, pair-classification, regression or text."
            ),
        };

    private TextEncoding Encoding() =>
        One("encoding") switch
        {
            null or "utf-8" => TextEncoding.Utf8,
            "latin1" => TextEncoding.Latin1,
            var other => throw ApiProblemException.BadInput($"encoding is '{other}'; expected utf-8 or latin1."),
        };

    private static Dictionary<string, double> Shares(IEnumerable<string> given)
    {
        var shares = new Dictionary<string, double>();
        foreach (var text in given)
        {
            var parts = text.Split(':');
            if (
                parts is not [{ Length: > 0 } split, var number]
                || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
                || share is not (> 0 and < 1)
                || !shares.TryAdd(split, share)
            )
                throw ApiProblemException.BadInput(
                    $"split '{text}' is no share; expected each split once with a number between 0 and 1, as in dev:0.1."
                );
        }
        return shares;
    }
}
