namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Linear correlation of the ranks; equal values share their mean rank.</summary>
internal sealed class Spearman : IMetric<RegressionRows>
{
    public string Name => "spearman";

    public double Perfect => 1;

    public double Of(RegressionRows rows) => Pearson.Between(Ranks.Of(rows.Truth), Ranks.Of(rows.Predicted));
}
