namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>Where a value was written: a line and column of the file, or an override of the command line.</summary>
internal readonly record struct Place(long Line, long Column, string? Override = null)
{
    public string In(string file) => Override is null ? $"{file}:{Line}:{Column}" : $"--set {Override}";
}

/// <summary>A YAML value that remembers where it stands.</summary>
internal abstract record Node(Place Place)
{
    /// <summary>All single values in it, but empty ones.</summary>
    public IEnumerable<Scalar> Scalars() =>
        this switch
        {
            Scalar { Text: not null } scalar => [scalar],
            Sequence list => list.Items.SelectMany(item => item.Scalars()),
            Mapping map => map.Entries.SelectMany(entry => entry.Value.Scalars()),
            _ => [],
        };
}

/// <summary>A single value; null where nothing was written.</summary>
internal sealed record Scalar(Place Place, string? Text) : Node(Place);

/// <summary>A value that could not be worked out; why has been told already.</summary>
internal sealed record Broken(Place Place) : Node(Place);

internal sealed record Sequence(Place Place, IReadOnlyList<Node> Items) : Node(Place);

internal sealed record Mapping(Place Place, IReadOnlyList<Entry> Entries) : Node(Place)
{
    public Entry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);
}

internal sealed record Entry(string Key, Place KeyPlace, Node Value);
