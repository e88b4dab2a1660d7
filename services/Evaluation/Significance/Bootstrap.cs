using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Evaluation.Significance;

/// <summary>Percentile bootstrap over the rows of a test split (Efron 1979).</summary>
internal static class Bootstrap
{
    /// <summary>For each resample, how often each row was drawn.</summary>
    public static IEnumerable<int[]> Draws(int rows, int resamples, long seed)
    {
        var generator = new CounterRandom(seed, "bootstrap");
        for (var resample = 0; resample < resamples; resample++)
        {
            var counts = new int[rows];
            for (var draw = 0; draw < rows; draw++)
                counts[generator.NextInt(rows)]++;
            yield return counts;
        }
    }

    /// <summary>
    /// The middle 95 % of the resamples' figures; those that define none are left out, and where more than half define
    /// none there is no interval.
    /// </summary>
    public static Interval? Percentiles(IReadOnlyList<double> figures)
    {
        var sorted = figures.Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 || sorted.Length * 2 < figures.Count
            ? null
            : new Interval(Quantile(sorted, 0.025), Quantile(sorted, 0.975));
    }

    /// <summary>Linear between neighbours: the smallest value is quantile 0, the largest 1.</summary>
    public static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
