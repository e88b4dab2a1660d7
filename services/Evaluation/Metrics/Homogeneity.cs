namespace TransferPipeline.Evaluation.Metrics;

/// <summary>How far each cluster holds points of one class only (Rosenberg and Hirschberg 2007).</summary>
internal sealed class Homogeneity : IMetric<ClusterRows>
{
    public string Name => "homogeneity";

    public double Perfect => 1;

    public double Of(ClusterRows rows) => rows.ClassEntropy == 0 ? 1 : rows.MutualInformation / rows.ClassEntropy;
}
