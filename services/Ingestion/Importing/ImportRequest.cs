using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>What to make a dataset of: local files and what is known about them; the rest is guessed.</summary>
public sealed record ImportRequest
{
    /// <summary>The dataset's name; new content under a name becomes its next number.</summary>
    public required string Name { get; init; }

    /// <summary>One file, taken as <c>train</c>, or a folder whose file names end in the splits' names.</summary>
    public string? Path { get; init; }

    /// <summary>Files that are given with their split; several of one split follow each other.</summary>
    public IReadOnlyList<SplitFile> Splits { get; init; } = [];

    /// <summary>Left out: guessed from the columns and labels.</summary>
    public TaskType? Task { get; init; }

    /// <summary>A format's name; left out: told from each file's ending or beginning.</summary>
    public string? Format { get; init; }

    public TextEncoding Encoding { get; init; } = TextEncoding.Utf8;

    public NamedColumns Columns { get; init; } = new();

    /// <summary>Other names for labels of the files: a dataset's labels must be those of a model that came ready-made.</summary>
    public IReadOnlyDictionary<string, string> LabelNames { get; init; } = new Dictionary<string, string>();

    /// <summary>Splits to cut from train, stratified, and their shares; duplicates and groups stay on one side.</summary>
    public IReadOnlyDictionary<string, double> Fractions { get; init; } = new Dictionary<string, double>();

    /// <summary>Says which rows the fractions take.</summary>
    public long Seed { get; init; } = 13;

    /// <summary>Refuse splits that have texts in common.</summary>
    public bool Strict { get; init; }

    /// <summary>Names of labels, each given as <c>OLD=NEW</c>.</summary>
    /// <param name="option">What stands before each in a message.</param>
    /// <exception cref="BadInputException">One is no such pair, or a label has two names.</exception>
    public static IReadOnlyDictionary<string, string> NamesOf(IEnumerable<string> given, string option)
    {
        var names = new Dictionary<string, string>();
        foreach (var pair in given)
            if (pair.Split('=', 2) is not [{ Length: > 0 } old, { Length: > 0 } name])
                throw new BadInputException($"{option}{pair}: expected OLD=NEW, as in 0=negative");
            else if (!names.TryAdd(old, name))
                throw new BadInputException($"{option}{pair}: label '{old}' has the name '{names[old]}' already");
        return names;
    }
}

/// <summary>A file and the split it holds.</summary>
public sealed record SplitFile(string Split, string Path);

/// <summary>What was stored.</summary>
/// <param name="IsNew">False where the name already had this content.</param>
public sealed record ImportResult(DatasetDocument Document, DatasetStatistics Statistics, bool IsNew);

/// <summary>How far an import is.</summary>
/// <param name="Done">Share of the current file, 0 to 1.</param>
public sealed record ImportProgress(string Path, double Done, long Rows);
