namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Kendall's tau-b; none is defined where one side is constant.</summary>
internal sealed class Kendall : IMetric<RegressionRows>
{
    public string Name => "kendall";

    public double Perfect => 1;

    // Knight (1966): sorted by truth, then prediction, the discordant pairs are the exchanges of a merge sort by
    // prediction.
    public double Of(RegressionRows rows)
    {
        var order = Enumerable.Range(0, rows.Truth.Length).ToArray();
        Array.Sort(
            order,
            (left, right) =>
                rows.Truth[left] != rows.Truth[right]
                    ? rows.Truth[left].CompareTo(rows.Truth[right])
                    : rows.Predicted[left].CompareTo(rows.Predicted[right])
        );
        var predicted = Array.ConvertAll(order, row => rows.Predicted[row]);

        var both = TiedPairs(order, (a, b) => rows.Truth[a] == rows.Truth[b] && rows.Predicted[a] == rows.Predicted[b]);
        var tiedTruth = TiedPairs(order, (a, b) => rows.Truth[a] == rows.Truth[b]);
        var exchanges = SortCounting(predicted, new double[predicted.Length], 0, predicted.Length);
        var tiedPredicted = TiedPairs(predicted, (a, b) => a == b);

        var pairs = Pairs(order.Length);
        var spread = Math.Sqrt((double)(pairs - tiedTruth)) * Math.Sqrt(pairs - tiedPredicted);
        var balance = pairs - tiedTruth - tiedPredicted + both - 2.0 * exchanges;
        return spread == 0 ? double.NaN : Math.Clamp(balance / spread, -1, 1);
    }

    private static long Pairs(long items) => items * (items - 1) / 2;

    private static long TiedPairs<T>(T[] sorted, Func<T, T, bool> equal)
    {
        long pairs = 0;
        for (int at = 1, run = 1; at <= sorted.Length; at++)
        {
            if (at < sorted.Length && equal(sorted[at - 1], sorted[at]))
            {
                run++;
                continue;
            }
            pairs += Pairs(run);
            run = 1;
        }
        return pairs;
    }

    private static long SortCounting(double[] values, double[] spare, int from, int to)
    {
        if (to - from < 2)
            return 0;
        var middle = (from + to) / 2;
        var exchanges = SortCounting(values, spare, from, middle) + SortCounting(values, spare, middle, to);
        for (int at = from, left = from, right = middle; at < to; at++)
        {
            if (right == to || (left < middle && values[left] <= values[right]))
            {
                spare[at] = values[left++];
                continue;
            }
            exchanges += middle - left;
            spare[at] = values[right++];
        }
        Array.Copy(spare, from, values, from, to - from);
        return exchanges;
    }
}
