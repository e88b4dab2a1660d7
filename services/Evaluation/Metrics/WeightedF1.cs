namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Mean F1, each class weighted by its rows.</summary>
internal sealed class WeightedF1 : IMetric<ClassificationRows>
{
    public string Name => "weightedF1";

    public double Perfect => 1;

    public double Of(ClassificationRows rows)
    {
        var matrix = rows.Confusion;
        return matrix.Present().Sum(label => matrix.Actual[label] * matrix.F1(label)) / matrix.Total;
    }
}
