using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Synthesis.Clustering;

/// <summary>For each point its nearest neighbours and the weight of the edge to them.</summary>
/// <param name="Edges">A weight is 1 / √(in-degree of one end · in-degree of the other).</param>
internal sealed record NeighbourGraph((int Other, double Weight)[][] Edges)
{
    /// <param name="neighbours">Of each point, itself among them; there is no edge to itself.</param>
    public static NeighbourGraph Of(DenseRows points, int neighbours, int threads, CancellationToken stop)
    {
        var nearest = Nearest(points, neighbours, threads, stop);
        var degrees = new int[points.Count];
        foreach (var others in nearest)
        foreach (var other in others)
            degrees[other]++;
        // Whose neighbour nobody is has no degree to be scaled by, and is left as it is.
        var scales = Array.ConvertAll(degrees, degree => degree == 0 ? 1 : 1 / Math.Sqrt(degree));
        return new([
            .. nearest.Select((others, row) => Array.ConvertAll(others, other => (other, scales[row] * scales[other]))),
        ]);
    }

    /// <summary>The nearest points of each, by Euclidean distance and of equals the earlier one, without itself.</summary>
    private static int[][] Nearest(DenseRows points, int neighbours, int threads, CancellationToken stop)
    {
        const int portion = 1024;
        var norms = points.SquaredNorms();
        var nearest = new int[points.Count][];
        using var blocks = new RowBlocks(points.Values, points.Width);
        for (var start = 0; start < points.Count; start += portion)
        {
            // Points that look for neighbours are the columns: each portion sees all points, block by block.
            int[] looking = [.. Enumerable.Range(start, Math.Min(portion, points.Count - start))];
            var distances = new float[looking.Length][];
            for (var at = 0; at < looking.Length; at++)
                distances[at] = new float[points.Count];
            blocks.Multiply(
                points.Select(looking).Values,
                threads,
                (first, products) =>
                {
                    for (var at = 0; at < products.Length; at++)
                    {
                        var row = first + at / looking.Length;
                        distances[at % looking.Length][row] = norms[row] - 2 * products[at];
                    }
                },
                stop
            );
            Parallel.For(
                0,
                looking.Length,
                new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop },
                at => nearest[looking[at]] = Least(distances[at], looking[at], neighbours - 1)
            );
        }
        return nearest;
    }

    private static int[] Least(float[] distances, int self, int count)
    {
        var kept = new List<int>(count + 1);
        for (var point = 0; point < distances.Length; point++)
        {
            if (point == self || (kept.Count == count && distances[point] >= distances[kept[^1]]))
                continue;
            var at = kept.Count;
            while (at > 0 && distances[kept[at - 1]] > distances[point])
                at--;
            kept.Insert(at, point);
            if (kept.Count > count)
                kept.RemoveAt(count);
        }
        return [.. kept];
    }
}
