namespace TransferPipeline.Modelling.Training;

/// <summary>Scores that can choose a model on the selection split: the higher the better.</summary>
public static class SelectionScore
{
    /// <summary>One of <c>accuracy</c>, <c>f1</c>, <c>macroF1</c>, <c>matthews</c>, from true and predicted label numbers.</summary>
    public static double Of(string metric, IReadOnlyList<int> truth, IReadOnlyList<int> predicted, int labels)
    {
        var counts = new long[labels, labels];
        for (var row = 0; row < truth.Count; row++)
            counts[truth[row], predicted[row]]++;

        return metric switch
        {
            "accuracy" => Diagonal(counts) / (double)truth.Count,
            "f1" => F1(counts, label: 1) ?? 0,
            "macroF1" => Labels(counts).Average(label => F1(counts, label))!.Value,
            "matthews" => Matthews(counts, truth.Count),
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "accuracy, f1, macroF1 or matthews"),
        };
    }

    /// <summary>The best score of a model that says the same label of every row.</summary>
    public static double OfOneLabel(string metric, IReadOnlyList<int> truth, int labels) =>
        Enumerable.Range(0, labels).Max(label => Of(metric, truth, [.. Enumerable.Repeat(label, truth.Count)], labels));

    private static long Diagonal(long[,] counts) => Labels(counts).Sum(label => counts[label, label]);

    /// <summary>Null, which averages leave out, where the label occurs neither as a true nor as a predicted one.</summary>
    private static double? F1(long[,] counts, int label) =>
        True(counts, label) + Predicted(counts, label) is > 0 and var all ? 2.0 * counts[label, label] / all : null;

    /// <summary>Gorodkin's R_K (2004), Matthews' coefficient for two labels; 0 where it is not defined.</summary>
    private static double Matthews(long[,] counts, long all)
    {
        double truth = 0,
            predicted = 0,
            both = 0;
        foreach (var label in Labels(counts))
        {
            truth += (double)True(counts, label) * True(counts, label);
            predicted += (double)Predicted(counts, label) * Predicted(counts, label);
            both += (double)True(counts, label) * Predicted(counts, label);
        }
        var square = (double)all * all;
        var scale = Math.Sqrt((square - truth) * (square - predicted));
        return scale == 0 ? 0 : ((double)Diagonal(counts) * all - both) / scale;
    }

    private static IEnumerable<int> Labels(long[,] counts) => Enumerable.Range(0, counts.GetLength(0));

    private static long True(long[,] counts, int label) => Labels(counts).Sum(other => counts[label, other]);

    private static long Predicted(long[,] counts, int label) => Labels(counts).Sum(other => counts[other, label]);
}
