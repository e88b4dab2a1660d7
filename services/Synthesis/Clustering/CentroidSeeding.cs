using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Synthesis.Clustering;

/// <summary>
/// k-means++ (Arthur and Vassilvitskii 2007) in its greedy form: of 2 + ln k points drawn by their squared distance to the
/// nearest seed, the one that leaves the least of it becomes the next seed.
/// </summary>
internal sealed class CentroidSeeding(int threads, CancellationToken cancellation)
{
    /// <summary>Of more points a sample is seeded: each seed is a pass over them, and a hundred a cluster tell as much.</summary>
    private const int MostPoints = 16_384;

    private const int PointsPerCluster = 100;

    public DenseRows Choose(DenseRows points, int clusters, SeededRandom random)
    {
        points = Sample(points, Math.Max(MostPoints, PointsPerCluster * clusters), random);
        using var blocks = new RowBlocks(points.Values, points.Width);
        var norms = points.SquaredNorms();
        var nearest = new float[points.Count];
        Array.Fill(nearest, float.PositiveInfinity);

        var drawn = 2 + (int)Math.Log(clusters);
        var seeds = new List<int> { random.Next(points.Count) };
        Approach(points, blocks, norms, [seeds[0]], nearest, out var left);
        nearest = left[0];
        while (seeds.Count < clusters)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] candidates = [.. Enumerable.Range(0, drawn).Select(_ => Draw(nearest, random))];
            var sums = Approach(points, blocks, norms, candidates, nearest, out left);
            var best = Array.IndexOf(sums, sums.Min());
            seeds.Add(candidates[best]);
            nearest = left[best];
        }
        return points.Select(seeds);
    }

    private static DenseRows Sample(DenseRows points, int most, SeededRandom random)
    {
        if (points.Count <= most)
            return points;
        int[] rows = [.. Enumerable.Range(0, points.Count)];
        random.Shuffle<int>(rows);
        return points.Select(rows[..most]);
    }

    /// <summary>What each candidate would leave: squared distances to the nearest seed, and their sums.</summary>
    private double[] Approach(
        DenseRows points,
        RowBlocks blocks,
        float[] norms,
        int[] candidates,
        float[] nearest,
        out float[][] left
    )
    {
        var after = candidates.Select(_ => new float[points.Count]).ToArray();
        blocks.Multiply(
            points.Select(candidates).Values,
            threads,
            (first, products) =>
            {
                for (var at = 0; at < products.Length; at++)
                {
                    var (row, candidate) = (first + at / candidates.Length, at % candidates.Length);
                    var distance = norms[row] + norms[candidates[candidate]] - 2 * products[at];
                    after[candidate][row] =
                        row == candidates[candidate] ? 0 : Math.Min(nearest[row], Math.Max(0, distance));
                }
            },
            cancellation
        );
        left = after;
        return [.. after.Select(distances => distances.Sum(distance => (double)distance))];
    }

    /// <summary>A point, each as likely as its distance is of all of them; any where all lie on seeds.</summary>
    private static int Draw(float[] distances, SeededRandom random)
    {
        var total = distances.Sum(distance => (double)distance);
        if (total <= 0)
            return random.Next(distances.Length);
        var rest = random.NextDouble() * total;
        for (var row = 0; row < distances.Length; row++)
            if ((rest -= distances[row]) < 0)
                return row;
        return Array.FindLastIndex(distances, distance => distance > 0);
    }
}
