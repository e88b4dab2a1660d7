using System.Numerics;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Baselines;

namespace TransferPipeline.Synthesis.Clustering;

/// <summary>
/// The directions in which rows are longest, by orthogonal iteration from random ones (Halko, Martinsson and Tropp 2011,
/// algorithm 4.4 on the columns): they come out in the order of their singular values.
/// </summary>
internal static class TruncatedSvd
{
    /// <returns>(dimensions, width), orthonormal; fewer where the rows span less.</returns>
    public static double[][] Directions(
        FeatureRows rows,
        int dimensions,
        long seed,
        int iterations,
        CancellationToken cancellation = default
    )
    {
        var random = new SeededRandom(seed, "directions");
        var directions = new double[Math.Min(dimensions, Math.Min(rows.Width, rows.Count))][];
        for (var at = 0; at < directions.Length; at++)
            directions[at] = [.. Enumerable.Range(0, rows.Width).Select(_ => (int)(random.Next() >> 33) - 0x4000_0000)];
        directions = Orthonormal(directions);
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var next = new double[directions.Length][];
            for (var at = 0; at < next.Length; at++)
            {
                cancellation.ThrowIfCancellationRequested();
                next[at] = Apply(rows, directions[at]);
            }
            directions = Orthonormal(next);
        }
        return directions;
    }

    /// <summary>Each row's share of each direction, (rows, dimensions).</summary>
    public static float[][] Project(FeatureRows rows, double[][] directions) =>
        [
            .. Enumerable
                .Range(0, rows.Count)
                .Select(row => Array.ConvertAll(directions, direction => (float)rows.Dot(row, direction))),
        ];

    /// <summary>Rowsᵀ · rows · direction.</summary>
    private static double[] Apply(FeatureRows rows, double[] direction)
    {
        var result = new double[direction.Length];
        for (var row = 0; row < rows.Count; row++)
            rows.AddScaled(row, rows.Dot(row, direction), result);
        return result;
    }

    /// <summary>Gram–Schmidt, twice for the sake of rounding; what depends on those before falls away.</summary>
    private static double[][] Orthonormal(double[][] vectors)
    {
        var kept = new List<double[]>();
        foreach (var vector in vectors)
        {
            var before = Math.Sqrt(Dot(vector, vector));
            for (var pass = 0; pass < 2; pass++)
                foreach (var other in kept)
                    AddScaled(other, -Dot(vector, other), vector);
            var length = Math.Sqrt(Dot(vector, vector));
            if (length <= 1e-10 * before)
                continue;
            kept.Add(Array.ConvertAll(vector, value => value / length));
        }
        return [.. kept];
    }

    private static double Dot(double[] a, double[] b)
    {
        var sums = Vector<double>.Zero;
        var at = 0;
        for (; at <= a.Length - Vector<double>.Count; at += Vector<double>.Count)
            sums += new Vector<double>(a, at) * new Vector<double>(b, at);
        var sum = Vector.Sum(sums);
        for (; at < a.Length; at++)
            sum += a[at] * b[at];
        return sum;
    }

    private static void AddScaled(double[] vector, double scale, double[] to)
    {
        var at = 0;
        for (; at <= to.Length - Vector<double>.Count; at += Vector<double>.Count)
            (new Vector<double>(to, at) + scale * new Vector<double>(vector, at)).CopyTo(to, at);
        for (; at < to.Length; at++)
            to[at] += scale * vector[at];
    }
}
