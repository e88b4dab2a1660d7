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

    /// <param name="sign">1, or -1 to take the row away.</param>
    public static void Add(ReadOnlySpan<float> row, Span<double> to, double sign = 1)
    {
        var values = MemoryMarshal.Cast<float, Vector<float>>(row);
        var sums = MemoryMarshal.Cast<double, Vector<double>>(to);
        for (var i = 0; i < values.Length; i++)
        {
            Vector.Widen(values[i], out var low, out var high);
            sums[2 * i] += sign * low;
            sums[2 * i + 1] += sign * high;
        }
        for (var i = values.Length * Vector<float>.Count; i < row.Length; i++)
            to[i] += sign * row[i];
    }

    /// <summary>The centroid nearest to a row, the first of equals, and |centroid|² − 2 · row · centroid of it and of the next.</summary>
    /// <param name="products">Of the row with each centroid.</param>
    /// <param name="norms">|centroid|² of each.</param>
    public static (int Centroid, float Least, float Second) Nearest(
        ReadOnlySpan<float> products,
        ReadOnlySpan<float> norms
    )
    {
        var (best, rest, next) = (0, float.PositiveInfinity, float.PositiveInfinity);
        var at = 0;
        var lanes = Vector<float>.Count;
        if (products.Length >= lanes)
        {
            var two = new Vector<float>(2);
            var least = new Vector<float>(float.PositiveInfinity);
            var second = least;
            var places = Vector<int>.Zero;
            var here = Vector<int>.Indices;
            for (; at <= products.Length - lanes; at += lanes, here += new Vector<int>(lanes))
            {
                var value = new Vector<float>(norms[at..]) - two * new Vector<float>(products[at..]);
                var nearer = Vector.LessThan(value, least);
                second = Vector.Min(second, Vector.Max(value, least));
                least = Vector.ConditionalSelect(nearer, value, least);
                places = Vector.ConditionalSelect(nearer, here, places);
            }
            var lane = 0;
            for (var other = 1; other < lanes; other++)
                if (least[other] < least[lane] || (least[other] == least[lane] && places[other] < places[lane]))
                    lane = other;
            (best, rest) = (places[lane], least[lane]);
            for (var other = 0; other < lanes; other++)
                next = Math.Min(next, other == lane ? second[other] : least[other]);
        }
        for (; at < products.Length; at++)
        {
            var value = norms[at] - 2 * products[at];
            if (value < rest)
                (best, rest, next) = (at, value, rest);
            else
                next = Math.Min(next, value);
        }
        return (best, rest, next);
    }
}
