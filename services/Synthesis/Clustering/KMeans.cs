using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Synthesis.Clustering;

/// <summary>
/// K-Means (Lloyd 1982) from k-means++ seeds, the best of several starts. Every number depends on points, settings and seed,
/// not on the number of threads.
/// </summary>
/// <param name="Starts">Seedings to begin from; the clustering of the least inertia is taken.</param>
/// <param name="Iterations">Most moves of the centroids.</param>
/// <param name="Tolerance">Ends where the centroids move by less, squared, in parts of the mean variance of a column.</param>
internal sealed record KMeans(
    int Clusters,
    long Seed,
    int Threads,
    int Starts = 3,
    int Iterations = 300,
    double Tolerance = 1e-4,
    bool MiniBatch = false
)
{
    /// <exception cref="BadInputException">There are more clusters than points.</exception>
    public Partition Fit(DenseRows points, CancellationToken cancellation = default)
    {
        if (Clusters > points.Count)
            throw new BadInputException(
                $"clusters: {Clusters} were asked for, and there are {points.Count} rows; expected no more clusters than rows"
            );
        using var blocks = new RowBlocks(points.Values, points.Width);
        var assignment = new Assignment(points, blocks, Threads, cancellation);
        Partition? best = null;
        for (var start = 0; start < Starts; start++)
        {
            var random = new SeededRandom(Seed, $"k-means {start}");
            var seeds = new CentroidSeeding(Threads, cancellation).Choose(points, Clusters, random);
            var found = MiniBatch
                ? new MiniBatches(Threads, cancellation).Fit(points, seeds, random, assignment)
                : new Lloyd(Iterations, Tolerance, cancellation).Fit(points, seeds, assignment);
            if (best is null || found.Inertia < best.Inertia)
                best = found;
        }
        return best!;
    }
}
