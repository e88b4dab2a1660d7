namespace TransferPipeline.Evaluation.Metrics;

internal sealed class Accuracy : IMetric<ClassificationRows>
{
    public string Name => "accuracy";

    public double Perfect => 1;

    public double Of(ClassificationRows rows) => (double)rows.Confusion.Right / rows.Confusion.Total;
}
