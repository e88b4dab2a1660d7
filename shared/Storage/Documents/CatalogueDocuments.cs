using TransferPipeline.Contracts;

namespace TransferPipeline.Storage.Documents;

/// <summary>A name and version that point to a dataset; id <c>name@version</c>.</summary>
public sealed record DatasetDocument : IDocument<DatasetDocument>, INamedContent
{
    public static string Collection => "datasets";
    public static IReadOnlyList<string> Indexes => ["name", "datasetId"];

    public required string Id { get; init; }
    public int Version { get; init; }
    public required string Name { get; init; }

    /// <summary>1 for the first content under this name.</summary>
    public required int Number { get; init; }
    public required string DatasetId { get; init; }
    public required DatasetRef Dataset { get; init; }

    /// <summary>Counts, label distribution, lengths, duplicates and leaks as JSON.</summary>
    public ArtefactRef? Statistics { get; init; }
    public required DateTimeOffset Stored { get; init; }

    public DatasetDocument WithVersion(int version) => this with { Version = version };
}

/// <summary>A name that points to a model; the newest registration of a name wins.</summary>
public sealed record ModelDocument : IDocument<ModelDocument>, INamedContent
{
    public static string Collection => "models";
    public static IReadOnlyList<string> Indexes => ["name", "modelId"];

    /// <summary><c>name@number</c>.</summary>
    public required string Id { get; init; }
    public int Version { get; init; }
    public required string Name { get; init; }
    public required int Number { get; init; }
    public required string ModelId { get; init; }
    public required ModelRef Model { get; init; }

    /// <summary>The run and step that made it; null where it was imported.</summary>
    public string? MadeBy { get; init; }
    public required DateTimeOffset Stored { get; init; }

    public ModelDocument WithVersion(int version) => this with { Version = version };
}

/// <summary>A name that points to a pack of words; the newest registration of a name wins.</summary>
public sealed record LexiconDocument : IDocument<LexiconDocument>, INamedContent
{
    public static string Collection => "lexicons";
    public static IReadOnlyList<string> Indexes => ["name"];

    /// <summary><c>name@number</c>.</summary>
    public required string Id { get; init; }
    public int Version { get; init; }
    public required string Name { get; init; }
    public required int Number { get; init; }

    /// <summary>What it is for: <c>wordnet</c>, <c>stop-words</c> …</summary>
    public required string Kind { get; init; }

    /// <summary>Words, names or keys in it.</summary>
    public required int Entries { get; init; }
    public required ArtefactRef Pack { get; init; }
    public required DateTimeOffset Stored { get; init; }

    public LexiconDocument WithVersion(int version) => this with { Version = version };
}

/// <summary>Says which step computes, or has computed, a key; the id is the key.</summary>
public sealed record KeyDocument : IDocument<KeyDocument>
{
    public static string Collection => "keys";
    public static IReadOnlyList<string> Indexes => [];

    public required string Id { get; init; }
    public int Version { get; init; }
    public required string Step { get; init; }

    public KeyDocument WithVersion(int version) => this with { Version = version };
}
