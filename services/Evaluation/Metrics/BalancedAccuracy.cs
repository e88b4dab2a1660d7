namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Mean recall of the classes that have rows.</summary>
internal sealed class BalancedAccuracy : IMetric<ClassificationRows>
{
    public string Name => "balancedAccuracy";

    public double Perfect => 1;

    public double Of(ClassificationRows rows) =>
        rows.Confusion.Present().Where(label => rows.Confusion.Actual[label] > 0).Average(rows.Confusion.Recall);
}
