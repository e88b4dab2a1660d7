namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Counts of true (rows) against predicted (columns) classes.</summary>
internal sealed class ConfusionMatrix
{
    private readonly int[,] _counts;

    public ConfusionMatrix(int[,] counts)
    {
        _counts = counts;
        Classes = counts.GetLength(0);
        Actual = new int[Classes];
        Predicted = new int[Classes];
        for (var truth = 0; truth < Classes; truth++)
        for (var guess = 0; guess < Classes; guess++)
        {
            Actual[truth] += counts[truth, guess];
            Predicted[guess] += counts[truth, guess];
            Total += counts[truth, guess];
            if (truth == guess)
                Right += counts[truth, guess];
        }
    }

    public int Classes { get; }

    public int Total { get; }

    /// <summary>Rows whose class was found.</summary>
    public int Right { get; }

    /// <summary>Rows of each true class.</summary>
    public int[] Actual { get; }

    /// <summary>Rows given to each class.</summary>
    public int[] Predicted { get; }

    public int this[int truth, int guess] => _counts[truth, guess];

    /// <summary>0 where nothing was given to the class.</summary>
    public double Precision(int label) => Share(_counts[label, label], Predicted[label]);

    /// <summary>0 where the class has no rows.</summary>
    public double Recall(int label) => Share(_counts[label, label], Actual[label]);

    public double F1(int label) => Share(2 * _counts[label, label], Actual[label] + Predicted[label]);

    /// <summary>Classes that occur among the true or the predicted ones; averages over classes leave the others out.</summary>
    public IEnumerable<int> Present() =>
        Enumerable.Range(0, Classes).Where(label => Actual[label] + Predicted[label] > 0);

    public IReadOnlyList<IReadOnlyList<int>> ToRows() =>
        [
            .. Enumerable
                .Range(0, Classes)
                .Select(truth => Enumerable.Range(0, Classes).Select(guess => _counts[truth, guess]).ToArray()),
        ];

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
