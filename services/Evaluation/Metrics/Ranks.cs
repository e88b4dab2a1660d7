namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Ranks from 1; equal values share the mean of theirs.</summary>
internal static class Ranks
{
    public static double[] Of(double[] values)
    {
        var sorted = (double[])values.Clone();
        var order = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort(sorted, order);

        var ranks = new double[values.Length];
        for (var from = 0; from < sorted.Length; )
        {
            var to = from;
            while (to < sorted.Length && sorted[to] == sorted[from])
                to++;
            for (var at = from; at < to; at++)
                ranks[order[at]] = (from + 1 + to) / 2.0;
            from = to;
        }
        return ranks;
    }
}
