using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>A way to make labelled examples.</summary>
internal interface ISynthesisMethod
{
    /// <summary>Its word in a scenario.</summary>
    string Name { get; }

    /// <exception cref="BadInputException">The rows or the model do not suit it.</exception>
    Synthesised Make(Pool pool);
}

/// <summary>What a method made.</summary>
/// <param name="Examples">New ones, each with the id that it came from; the weight is its confidence.</param>
/// <param name="Clusters">What the method found; null where it knows no clusters.</param>
/// <param name="NewLabels">The label set where it is another one; the labelled rows then do not stand beside the new ones.</param>
internal sealed record Synthesised(
    IReadOnlyList<Example> Examples,
    LabelledClusters? Clusters = null,
    IReadOnlyList<string>? NewLabels = null,
    HeldOutLabels? HeldOut = null
);

/// <summary>Clusters of a pool.</summary>
/// <param name="Labels">The label that each hands on; null where it hands on none.</param>
internal sealed record LabelledClusters(
    Partition Partition,
    IReadOnlyList<string?> Labels,
    IReadOnlyList<ClusterCountTried> Tried
);
