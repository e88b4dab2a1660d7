using MathNet.Numerics.Distributions;

namespace TransferPipeline.Evaluation.Significance;

/// <summary>Two-sided Student tests; NaN where the values have no spread.</summary>
internal static class TTests
{
    private const double Rounding = 1e-9;

    /// <summary>Whether the mean of the pairs' differences could be 0.</summary>
    public static double Paired(IReadOnlyList<double> a, IReadOnlyList<double> b) =>
        OneSample([.. a.Zip(b, (left, right) => left - right)]);

    /// <summary>Whether the mean could be 0.</summary>
    public static double OneSample(IReadOnlyList<double> values)
    {
        var sample = new Sample(values);
        return sample.Variance is { } variance
            ? TwoSided(sample.Mean, variance / sample.Count, sample.Count - 1)
            : double.NaN;
    }

    /// <summary>Whether two samples of unequal spread could have one mean (Welch 1947).</summary>
    public static double Welch(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var first = new Sample(a);
        var second = new Sample(b);
        if (first.Variance is not { } varianceA || second.Variance is not { } varianceB)
            return double.NaN;

        var errorA = varianceA / first.Count;
        var errorB = varianceB / second.Count;
        var freedom =
            (errorA + errorB)
            * (errorA + errorB)
            / (errorA * errorA / (first.Count - 1) + errorB * errorB / (second.Count - 1));
        return TwoSided(first.Mean - second.Mean, errorA + errorB, freedom);
    }

    // Equal counts of rows give differences that are equal but for the rounding of their subtraction.
    private static double TwoSided(double difference, double squaredError, double freedom) =>
        Math.Sqrt(squaredError) <= Rounding * Math.Abs(difference)
            ? double.NaN
            : 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(difference) / Math.Sqrt(squaredError));
}
