namespace TransferPipeline.Evaluation.Metrics;

/// <summary>F1 of the counts pooled over classes; with one label per row it equals the accuracy.</summary>
internal sealed class MicroF1 : IMetric<ClassificationRows>
{
    public string Name => "microF1";

    public double Perfect => 1;

    public double Of(ClassificationRows rows)
    {
        var matrix = rows.Confusion;
        return 2.0 * matrix.Right / (matrix.Actual.Sum() + matrix.Predicted.Sum());
    }
}
