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

    /// <summary>Splits to cut from train, stratified, and their shares; duplicates and groups stay on one side.</summary>
    public IReadOnlyDictionary<string, double> Fractions { get; init; } = new Dictionary<string, double>();

    /// <summary>Says which rows the fractions take.</summary>
    public long Seed { get; init; } = 13;

    /// <summary>Refuse splits that have texts in common.</summary>
    public bool Strict { get; init; }
}

/// <summary>A file and the split it holds.</summary>
public sealed record SplitFile(string Split, string Path);

/// <summary>What was stored.</summary>
/// <param name="IsNew">False where the name already had this content.</param>
public sealed record ImportResult(DatasetDocument Document, DatasetStatistics Statistics, bool IsNew);

/// <summary>How far an import is.</summary>
/// <param name="Done">Share of the current file, 0 to 1.</param>
public sealed record ImportProgress(string Path, double Done, long Rows);
