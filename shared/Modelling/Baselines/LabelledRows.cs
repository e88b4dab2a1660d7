namespace TransferPipeline.Modelling.Baselines;

/// <summary>What a baseline is fitted to: rows, the class of each, and a weight of each where they differ.</summary>
public sealed class LabelledRows
{
    public LabelledRows(FeatureRows rows, IReadOnlyList<int> labels, int classes, IReadOnlyList<float>? weights = null)
    {
        if (labels.Count != rows.Count || (weights is not null && weights.Count != rows.Count))
            throw new ArgumentException($"{rows.Count} rows need as many labels and weights.", nameof(labels));
        if (labels.Any(label => label < 0 || label >= classes))
            throw new ArgumentException($"A label lies outside 0 … {classes - 1}.", nameof(labels));
        if (weights is not null && weights.Any(weight => !(weight >= 0) || float.IsInfinity(weight)))
            throw new ArgumentException("A weight is negative or not a number.", nameof(weights));

        // A row that weighs nothing must not even count in a bootstrap sample.
        int[] kept = [.. Enumerable.Range(0, rows.Count).Where(row => weights is null || weights[row] > 0)];
        Rows = kept.Length == rows.Count ? rows : rows.Select(kept);
        Labels = [.. kept.Select(row => labels[row])];
        Weights = [.. kept.Select(row => (double)(weights?[row] ?? 1f))];
        Classes = classes;
        Present = [.. Labels.Distinct().Order()];
    }

    public FeatureRows Rows { get; }

    /// <summary>Number of classes, those without a row included.</summary>
    public int Classes { get; }

    /// <summary>The classes that have a row, ascending.</summary>
    public IReadOnlyList<int> Present { get; }

    /// <summary>Number of rows that weigh something.</summary>
    public int Count => Rows.Count;

    internal int[] Labels { get; }
    internal double[] Weights { get; }
}
