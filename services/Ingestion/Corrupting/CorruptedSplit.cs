using TransferPipeline.Datasets;

namespace TransferPipeline.Ingestion.Corrupting;

/// <summary>What became of a split's labels.</summary>
/// <param name="Before">Rows of each label as they were.</param>
/// <param name="Kept">Rows of each label that are left, by their true label.</param>
/// <param name="Became">Of each true label the rows that now have each label.</param>
internal sealed record CorruptedSplit(
    string Split,
    IReadOnlyDictionary<string, int> Before,
    IReadOnlyDictionary<string, int> Kept,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Became
)
{
    /// <summary>The artefact that lists them.</summary>
    public const string File = "corruption.json";

    public static CorruptedSplit Of(
        string split,
        IReadOnlyList<string> labels,
        IReadOnlyList<Example> before,
        IReadOnlyList<Example> kept,
        IReadOnlyList<Example> noisy
    )
    {
        var pairs = kept.Zip(noisy).Where(pair => pair.First.Label is not null).ToList();
        return new(
            split,
            Counts(labels, before.Select(row => row.Label)),
            Counts(labels, kept.Select(row => row.Label)),
            labels.ToDictionary(
                label => label,
                label =>
                    Counts(labels, pairs.Where(pair => pair.First.Label == label).Select(pair => pair.Second.Label))
            )
        );
    }

    private static IReadOnlyDictionary<string, int> Counts(IReadOnlyList<string> labels, IEnumerable<string?> of)
    {
        var all = of.OfType<string>().CountBy(label => label).ToDictionary();
        return labels.ToDictionary(label => label, label => all.GetValueOrDefault(label));
    }
}
