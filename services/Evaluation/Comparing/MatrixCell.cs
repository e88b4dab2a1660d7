namespace TransferPipeline.Evaluation.Comparing;

/// <summary>A place in a scenario's matrix: values by key, in the scenario's order.</summary>
internal sealed class MatrixCell(IEnumerable<KeyValuePair<string, string>> values) : IEquatable<MatrixCell>
{
    private const string SeedKey = "seed";

    private readonly KeyValuePair<string, string>[] _values = [.. values];

    public IReadOnlyList<KeyValuePair<string, string>> Values => _values;

    public string? this[string key] =>
        _values.Where(pair => pair.Key == key).Select(pair => pair.Value).FirstOrDefault();

    public string? Seed => this[SeedKey];

    public MatrixCell WithoutSeed => Without(SeedKey);

    public MatrixCell Without(string key) => new(_values.Where(pair => pair.Key != key));

    /// <summary>Whether no key has different values in the two.</summary>
    public bool Meets(MatrixCell other) => _values.All(pair => other[pair.Key] is not { } value || value == pair.Value);

    /// <summary>The values of both, where they meet.</summary>
    public MatrixCell And(MatrixCell other) => new(_values.Concat(other._values.Where(pair => this[pair.Key] is null)));

    public bool Equals(MatrixCell? other) => other is not null && _values.SequenceEqual(other._values);

    public override bool Equals(object? other) => Equals(other as MatrixCell);

    public override int GetHashCode() =>
        _values.Aggregate(0, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    /// <summary><c>labels per class 16, seed 13</c>.</summary>
    public override string ToString() =>
        string.Join(", ", _values.Select(pair => $"{Reports.Wording.Of(pair.Key)} {pair.Value}"));
}
