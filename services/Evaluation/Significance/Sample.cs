using MathNet.Numerics.Distributions;

namespace TransferPipeline.Evaluation.Significance;

/// <summary>Mean, spread and Student-t interval of a few values, such as the scores of several seeds.</summary>
internal sealed class Sample
{
    private readonly Interval? _known;
    private readonly Interval? _possible;

    /// <summary>A mean whose interval is known.</summary>
    public Sample(double mean, Interval interval, int count) => (Mean, _known, Count) = (mean, interval, count);

    /// <param name="possible">What values there can be, such as shares from 0 to 1; no interval goes beyond it.</param>
    public Sample(IReadOnlyList<double> values, Interval? possible = null)
    {
        _possible = possible;
        Count = values.Count;
        Mean = values.Average();
        Variance = Count > 1 ? values.Sum(value => (value - Mean) * (value - Mean)) / (Count - 1) : null;
    }

    public int Count { get; }

    public double Mean { get; }

    /// <summary>With n − 1; none for a single value.</summary>
    public double? Variance { get; }

    public double? Deviation => Variance is { } variance ? Math.Sqrt(variance) : null;

    /// <summary>Where the mean lies with 95 % confidence; none for a single value.</summary>
    public Interval? Interval =>
        _known
        ?? (
            Deviation is { } deviation
                ? Around(StudentT.InvCDF(0, 1, Count - 1, 0.975) * deviation / Math.Sqrt(Count))
                : null
        );

    private Interval Around(double half) =>
        _possible is { } possible
            ? new(Math.Max(possible.Low, Mean - half), Math.Min(possible.High, Mean + half))
            : new(Mean - half, Mean + half);
}
