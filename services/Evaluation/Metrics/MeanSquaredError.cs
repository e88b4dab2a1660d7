namespace TransferPipeline.Evaluation.Metrics;

internal sealed class MeanSquaredError : IMetric<RegressionRows>
{
    public string Name => "mse";

    public double Perfect => 0;

    public double Of(RegressionRows rows) =>
        rows.Truth.Zip(rows.Predicted, (truth, guess) => (truth - guess) * (truth - guess)).Average();
}
