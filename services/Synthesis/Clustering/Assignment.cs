using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Synthesis.Clustering;

/// <summary>Puts every point to its nearest centroid.</summary>
internal sealed class Assignment(DenseRows points, RowBlocks blocks, int threads, CancellationToken cancellation)
{
    private readonly float[] _norms = points.SquaredNorms();
    private readonly ParallelOptions _parallel = new() { MaxDegreeOfParallelism = threads };

    /// <summary>Nearest centroids and squared distances, in fp32.</summary>
    /// <returns>Whether any point has another centroid than before.</returns>
    public bool Assign(DenseRows centroids, int[] of, float[] distances)
    {
        var norms = centroids.SquaredNorms();
        var changes = 0;
        blocks.Multiply(
            centroids.Values,
            threads,
            (first, products) =>
            {
                var changed = 0;
                var rows = products.Length / centroids.Count;
                for (var row = 0; row < rows; row++)
                {
                    var (nearest, rest, _) = Distances.Nearest(
                        products.Slice(row * centroids.Count, centroids.Count),
                        norms
                    );
                    changed += of[first + row] == nearest ? 0 : 1;
                    of[first + row] = nearest;
                    distances[first + row] = Math.Max(0, _norms[first + row] + rest);
                }
                Interlocked.Add(ref changes, changed);
            },
            cancellation
        );
        return changes > 0;
    }

    /// <summary>Assigns the same points time and again with fewer products.</summary>
    public DistanceBounds Bounds() => new(points, blocks, _norms, threads, cancellation);

    /// <summary>The sums of as many clusters of the same points.</summary>
    public ClusterSums Sums(int clusters) => new(points, clusters, threads);

    /// <summary>An empty cluster takes the point that lies farthest from its centroid among those with company.</summary>
    public int FillEmpty(int[] of, float[] distances, int clusters)
    {
        var sizes = new int[clusters];
        foreach (var cluster in of)
            sizes[cluster]++;
        var filled = 0;
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            if (sizes[cluster] > 0)
                continue;
            var farthest = -1;
            for (var point = 0; point < of.Length; point++)
                if (sizes[of[point]] > 1 && (farthest < 0 || distances[point] > distances[farthest]))
                    farthest = point;
            sizes[of[farthest]]--;
            (of[farthest], distances[farthest], sizes[cluster]) = (cluster, 0, 1);
            filled++;
        }
        return filled;
    }

    /// <summary>The clustering by these centroids, its distances computed without cancellation.</summary>
    public Partition Finish(DenseRows centroids, int iterations)
    {
        var of = new int[points.Count];
        var distances = new float[points.Count];
        Assign(centroids, of, distances);
        Parallel.For(
            0,
            points.Count,
            _parallel,
            point => distances[point] = (float)Distances.Squared(points[point], centroids[of[point]])
        );
        return new(centroids, of, distances, iterations);
    }
}
