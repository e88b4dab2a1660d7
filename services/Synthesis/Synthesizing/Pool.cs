using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>The rows that a synthesis reads: train and unlabelled, never dev, test or a hidden label.</summary>
/// <param name="Rows">Labelled ones first.</param>
/// <param name="Labelled">How many of them have a label.</param>
/// <param name="Points">The vector of each, L2-normalised.</param>
/// <param name="ModelFolder">The files of the model that gave the vectors; null for tf-idf.</param>
internal sealed record Pool(
    string Step,
    SynthesisSpec Spec,
    IReadOnlyList<string> Labels,
    IReadOnlyList<Example> Rows,
    int Labelled,
    DenseRows Points,
    string? ModelFolder,
    int Threads,
    CancellationToken Stop
)
{
    /// <summary>Labelled rows of each label.</summary>
    public IReadOnlyDictionary<string, int> LabelCounts { get; } =
        Rows.Take(Labelled).CountBy(row => row.Label!).ToDictionary();

    /// <summary>K-Means over all rows, by the step's settings.</summary>
    public (Partition Partition, IReadOnlyList<Contracts.ClusterCountTried> Tried) Cluster()
    {
        var settings = new KMeans(0, Spec.Seed, Threads, Spec.Restarts, MiniBatch: Spec.Algorithm == "mini-batch");
        if (Spec.Clusters == "auto")
            return ClusterCount.Choose(Points, settings, Stop);
        var count = int.Parse(Spec.Clusters, System.Globalization.CultureInfo.InvariantCulture);
        return ((settings with { Clusters = count }).Fit(Points, Stop), []);
    }

    /// <summary>A copy of a row with a label that somebody else than its author gave it.</summary>
    public static Example Given(Example row, string label, double confidence) =>
        row with
        {
            Id = $"synthesised-{row.Id}",
            Label = label,
            Weight = (float)confidence,
            Origin = ExampleOrigin.Synthesised,
            Source = row.Id,
        };
}
