using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Synthesis.Clustering;

/// <summary>The mean silhouette (Rousseeuw 1987) of a sample of the points, Euclidean: all pairs would be too many.</summary>
internal static class SampledSilhouette
{
    private const int Points = 1000;

    /// <returns>NaN where the sample lies in one cluster.</returns>
    public static double Of(DenseRows points, int[] clusters, long seed, int threads)
    {
        int[] rows = [.. Enumerable.Range(0, points.Count)];
        new SeededRandom(seed, "silhouette").Shuffle<int>(rows);
        rows = rows[..Math.Min(Points, rows.Length)];
        Array.Sort(rows);
        var sample = points.Select(rows);
        int[] of = [.. rows.Select(row => clusters[row])];
        var sizes = of.CountBy(cluster => cluster).ToDictionary();
        if (sizes.Count < 2)
            return double.NaN;

        var norms = sample.SquaredNorms();
        var each = new double[of.Length];
        using var blocks = new RowBlocks(sample.Values, sample.Width);
        blocks.Multiply(
            sample.Values,
            threads,
            (first, products) =>
            {
                for (var row = first; row < first + products.Length / of.Length; row++)
                    each[row] = OfPoint(row, products.Slice((row - first) * of.Length, of.Length), norms, of, sizes);
            }
        );
        return each.Average();
    }

    private static double OfPoint(
        int point,
        ReadOnlySpan<float> products,
        float[] norms,
        int[] of,
        Dictionary<int, int> sizes
    )
    {
        if (sizes[of[point]] == 1)
            return 0;
        var sums = sizes.Keys.ToDictionary(cluster => cluster, _ => 0.0);
        for (var other = 0; other < of.Length; other++)
            if (other != point)
                sums[of[other]] += Math.Sqrt(Math.Max(0, norms[point] + norms[other] - 2 * products[other]));
        var inside = sums[of[point]] / (sizes[of[point]] - 1);
        var outside = sums.Where(sum => sum.Key != of[point]).Min(sum => sum.Value / sizes[sum.Key]);
        var larger = Math.Max(inside, outside);
        return larger == 0 ? 0 : (outside - inside) / larger;
    }
}
