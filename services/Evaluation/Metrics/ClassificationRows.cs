namespace TransferPipeline.Evaluation.Metrics;

/// <summary>True and predicted classes with the probability of every class; a row may count several times or not at all.</summary>
internal sealed class ClassificationRows
{
    private readonly Lazy<ConfusionMatrix> _confusion;
    private readonly Lazy<int[]> _byScore;

    /// <summary>Every row once.</summary>
    public ClassificationRows(int[] truth, int[] predicted, double[][] probabilities, int classes)
        : this(truth, predicted, probabilities, classes, Ones(truth.Length), null) { }

    private ClassificationRows(
        int[] truth,
        int[] predicted,
        double[][] probabilities,
        int classes,
        int[] counts,
        Lazy<int[]>? byScore
    )
    {
        Truth = truth;
        Predicted = predicted;
        Probabilities = probabilities;
        Classes = classes;
        Counts = counts;
        Total = counts.Sum();
        _confusion = new(Count);
        _byScore = byScore ?? new(SortByScore);
    }

    public int[] Truth { get; }

    public int[] Predicted { get; }

    /// <summary>One list per row, in class order.</summary>
    public double[][] Probabilities { get; }

    public int Classes { get; }

    /// <summary>How often each row counts.</summary>
    public int[] Counts { get; }

    public int Total { get; }

    public ConfusionMatrix Confusion => _confusion.Value;

    /// <summary>Rows of a two-class task by falling probability of the second class; sorted once for all draws.</summary>
    public int[] ByScore => _byScore.Value;

    /// <summary>The same rows, each as often as <paramref name="counts"/> says.</summary>
    public ClassificationRows Drawn(int[] counts) => new(Truth, Predicted, Probabilities, Classes, counts, _byScore);

    /// <summary>The mean of a figure over the rows.</summary>
    public double Mean(Func<int, double> ofRow)
    {
        var sum = 0.0;
        for (var row = 0; row < Counts.Length; row++)
            if (Counts[row] > 0)
                sum += Counts[row] * ofRow(row);
        return sum / Total;
    }

    private ConfusionMatrix Count()
    {
        var counts = new int[Classes, Classes];
        for (var row = 0; row < Counts.Length; row++)
            counts[Truth[row], Predicted[row]] += Counts[row];
        return new ConfusionMatrix(counts);
    }

    private int[] SortByScore()
    {
        var rows = Enumerable.Range(0, Truth.Length).ToArray();
        Array.Sort(Array.ConvertAll(rows, row => -Probabilities[row][1]), rows);
        return rows;
    }

    private static int[] Ones(int length)
    {
        var ones = new int[length];
        Array.Fill(ones, 1);
        return ones;
    }
}
