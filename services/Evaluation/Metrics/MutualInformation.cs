namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Mutual information of classes and clusters over the mean of their entropies; 1 where both are one group.</summary>
internal sealed class MutualInformation : IMetric<ClusterRows>
{
    public string Name => "nmi";

    public double Perfect => 1;

    public double Of(ClusterRows rows)
    {
        var entropy = (rows.ClassEntropy + rows.ClusterEntropy) / 2;
        return entropy == 0 ? 1 : rows.MutualInformation / entropy;
    }
}
