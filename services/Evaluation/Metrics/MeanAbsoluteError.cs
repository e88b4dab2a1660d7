namespace TransferPipeline.Evaluation.Metrics;

internal sealed class MeanAbsoluteError : IMetric<RegressionRows>
{
    public string Name => "mae";

    public double Perfect => 0;

    public double Of(RegressionRows rows) =>
        rows.Truth.Zip(rows.Predicted, (truth, guess) => Math.Abs(truth - guess)).Average();
}
