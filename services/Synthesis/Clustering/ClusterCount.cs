using TransferPipeline.Contracts;

namespace TransferPipeline.Synthesis.Clustering;

/// <summary>Chooses the number of clusters whose sampled silhouette is the greatest.</summary>
internal static class ClusterCount
{
    private static readonly int[] Counts = [2, 5, 10, 20, 50, 100, 200];

    /// <param name="settings">What is fitted for each number.</param>
    public static (Partition Best, IReadOnlyList<ClusterCountTried> Tried) Choose(
        DenseRows points,
        KMeans settings,
        CancellationToken cancellation
    )
    {
        var tried = new List<ClusterCountTried>();
        Partition? best = null;
        // With fewer than five points to a cluster a silhouette says little.
        foreach (var count in Counts.Where(count => count == Counts[0] || 5 * count <= points.Count))
        {
            var found = (settings with { Clusters = count }).Fit(points, cancellation);
            var silhouette = SampledSilhouette.Of(points, found.Of, settings.Seed, settings.Threads);
            if (best is null || silhouette > tried.Max(one => one.Silhouette))
                best = found;
            tried.Add(new(count, found.Inertia, silhouette));
        }
        return (best!, tried);
    }
}
