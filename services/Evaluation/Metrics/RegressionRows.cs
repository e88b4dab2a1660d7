namespace TransferPipeline.Evaluation.Metrics;

/// <summary>True and predicted numbers.</summary>
internal sealed record RegressionRows(double[] Truth, double[] Predicted)
{
    /// <summary>The same rows, each as often as <paramref name="counts"/> says.</summary>
    public RegressionRows Drawn(int[] counts) => new(Repeat(Truth, counts), Repeat(Predicted, counts));

    private static double[] Repeat(double[] values, int[] counts) =>
        [.. values.Zip(counts).SelectMany(pair => Enumerable.Repeat(pair.First, pair.Second))];
}
