using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>
/// A cluster whose labelled members agree hands their label on to the others; where they do not, or are too few, it hands
/// on nothing.
/// </summary>
internal sealed class KMeansLabels : ISynthesisMethod
{
    public string Name => "k-means-labels";

    public Synthesised Make(Pool pool)
    {
        var (partition, tried) = pool.Cluster();
        var votes = ClusterVotes.Of(pool, partition);
        var labels = votes.Select(vote => vote.Decide(pool.Spec.Purity, pool.Spec.Support)).ToArray();

        var made = new List<Example>();
        for (var row = pool.Labelled; row < pool.Rows.Count; row++)
        {
            var cluster = partition.Of[row];
            if (labels[cluster] is not { } label)
                continue;
            var confidence = votes[cluster].Purity * Closeness(pool.Points[row], partition.Centroids[cluster]);
            if (confidence > 0 && confidence >= pool.Spec.Confidence)
                made.Add(Pool.Given(pool.Rows[row], label, confidence));
        }
        return new(
            Quotas.Keep(made, pool.Spec.PerClass),
            new LabelledClusters(partition, labels, tried),
            HeldOut: HoldOut(pool, partition, votes)
        );
    }

    /// <summary>The cosine of a row with its centroid: 1 in the middle of the cluster.</summary>
    private static double Closeness(ReadOnlySpan<float> row, ReadOnlySpan<float> centroid)
    {
        var lengths = Math.Sqrt(Distances.Product(row, row) * Distances.Product(centroid, centroid));
        return lengths == 0 ? 0 : Math.Clamp(Distances.Product(row, centroid) / lengths, 0, 1);
    }

    /// <summary>What each labelled row would have been given by the other labelled members of its cluster.</summary>
    private static HeldOutLabels HoldOut(Pool pool, Partition partition, ClusterVotes[] votes)
    {
        var (given, right) = (0, 0);
        for (var row = 0; row < pool.Labelled; row++)
        {
            var own = pool.Rows[row].Label!;
            var others = votes[partition.Of[row]].Without(own);
            if (others.Decide(pool.Spec.Purity, pool.Spec.Support) is not { } label)
                continue;
            given++;
            right += label == own ? 1 : 0;
        }
        return new(pool.Labelled, given, right);
    }
}
