namespace TransferPipeline.Modelling.Training;

/// <summary>
/// Which labels are likely wrong (Northcutt, Jiang and Chuang 2021): a row counts for the likeliest of the labels whose
/// probability reaches the mean that their own rows have; where that is another label than the row's, it is doubted.
/// </summary>
public static class ConfidentLearning
{
    /// <param name="labels">As they are given.</param>
    /// <param name="probabilities">Of each row, by a model that did not read it.</param>
    /// <returns>The row's likely label; its own where nothing speaks against it.</returns>
    public static IReadOnlyList<int> Likely(IReadOnlyList<int> labels, IReadOnlyList<float[]> probabilities)
    {
        var thresholds = Thresholds(labels, probabilities);
        return
        [
            .. labels.Select(
                (label, row) =>
                {
                    var best = label;
                    var highest = double.NegativeInfinity;
                    for (var other = 0; other < thresholds.Length; other++)
                        if (probabilities[row][other] >= thresholds[other] && probabilities[row][other] > highest)
                            (best, highest) = (other, probabilities[row][other]);
                    return best;
                }
            ),
        ];
    }

    /// <summary>Rows by given (first) and likely label (second).</summary>
    public static int[,] Joint(IReadOnlyList<int> labels, IReadOnlyList<int> likely, int count)
    {
        var joint = new int[count, count];
        for (var row = 0; row < labels.Count; row++)
            joint[labels[row], likely[row]]++;
        return joint;
    }

    /// <summary>The mean probability of each label over the rows that have it; out of reach for one without rows.</summary>
    internal static double[] Thresholds(IReadOnlyList<int> labels, IReadOnlyList<float[]> probabilities)
    {
        var sums = new double[probabilities[0].Length];
        var rows = new int[sums.Length];
        for (var row = 0; row < labels.Count; row++)
        {
            sums[labels[row]] += probabilities[row][labels[row]];
            rows[labels[row]]++;
        }
        return [.. sums.Select((sum, label) => rows[label] == 0 ? double.PositiveInfinity : sum / rows[label])];
    }
}
