namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Mean negative logarithm of the true class's probability, which is kept one rounding step away from 0.</summary>
internal sealed class LogLoss : IMetric<ClassificationRows>
{
    private const double Smallest = 2.220446049250313e-16;

    public string Name => "logLoss";

    public double Perfect => 0;

    public double Of(ClassificationRows rows) =>
        rows.Mean(row => -Math.Log(Math.Clamp(rows.Probabilities[row][rows.Truth[row]], Smallest, 1)));
}
