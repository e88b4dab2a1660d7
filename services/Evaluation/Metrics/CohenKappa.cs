namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Agreement beyond chance; none is defined where both sides hold one and the same class only.</summary>
internal sealed class CohenKappa : IMetric<ClassificationRows>
{
    public string Name => "cohenKappa";

    public double Perfect => 1;

    public double Of(ClassificationRows rows)
    {
        var matrix = rows.Confusion;
        double n = matrix.Total;
        var chance = matrix.Present().Sum(label => matrix.Actual[label] / n * (matrix.Predicted[label] / n));
        return chance == 1 ? double.NaN : (matrix.Right / n - chance) / (1 - chance);
    }
}
