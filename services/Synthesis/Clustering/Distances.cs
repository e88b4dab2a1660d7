using System.Numerics;
using System.Runtime.InteropServices;

namespace TransferPipeline.Synthesis.Clustering;

/// <summary>Sums over the columns of rows, in one order whatever the machine's threads.</summary>
internal static class Distances
{
    public static double Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    /// <summary>|a − b|², without the cancellation that products of large numbers have.</summary>
    public static double Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sums = Vector<float>.Zero;
        var at = 0;
        for (; at <= a.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            var difference = new Vector<float>(a[at..]) - new Vector<float>(b[at..]);
            sums += difference * difference;
        }
        double sum = Vector.Sum(sums);
        for (; at < a.Length; at++)
            sum += (a[at] - b[at]) * (a[at] - b[at]);
        return sum;
    }

    public static void Add(ReadOnlySpan<float> row, Span<double> to)
    {
        var values = MemoryMarshal.Cast<float, Vector<float>>(row);
        var sums = MemoryMarshal.Cast<double, Vector<double>>(to);
        for (var i = 0; i < values.Length; i++)
        {
            Vector.Widen(values[i], out var low, out var high);
            sums[2 * i] += low;
            sums[2 * i + 1] += high;
        }
        for (var i = values.Length * Vector<float>.Count; i < row.Length; i++)
            to[i] += row[i];
    }

    /// <summary>The centroid nearest to a row, the first of equals, and |centroid|² − 2 · row · centroid.</summary>
    /// <param name="products">Of the row with each centroid.</param>
    /// <param name="norms">|centroid|² of each.</param>
    public static (int Centroid, float Least) Nearest(ReadOnlySpan<float> products, ReadOnlySpan<float> norms)
    {
        var (best, rest) = (0, float.PositiveInfinity);
        var at = 0;
        var lanes = Vector<float>.Count;
        if (products.Length >= lanes)
        {
            var two = new Vector<float>(2);
            var least = new Vector<float>(float.PositiveInfinity);
            var places = Vector<int>.Zero;
            var here = Vector<int>.Indices;
            for (; at <= products.Length - lanes; at += lanes, here += new Vector<int>(lanes))
            {
                var next = new Vector<float>(norms[at..]) - two * new Vector<float>(products[at..]);
                var nearer = Vector.LessThan(next, least);
                least = Vector.ConditionalSelect(nearer, next, least);
                places = Vector.ConditionalSelect(nearer, here, places);
            }
            for (var lane = 0; lane < lanes; lane++)
                if (least[lane] < rest || (least[lane] == rest && places[lane] < best))
                    (best, rest) = (places[lane], least[lane]);
        }
        for (; at < products.Length; at++)
            if (norms[at] - 2 * products[at] is var next && next < rest)
                (best, rest) = (at, next);
        return (best, rest);
    }
}
