namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg 2007).</summary>
internal sealed class VMeasure : IMetric<ClusterRows>
{
    public string Name => "vMeasure";

    public double Perfect => 1;

    public double Of(ClusterRows rows)
    {
        var homogeneity = new Homogeneity().Of(rows);
        var completeness = rows.ClusterEntropy == 0 ? 1 : rows.MutualInformation / rows.ClusterEntropy;
        return homogeneity + completeness == 0 ? 0 : 2 * homogeneity * completeness / (homogeneity + completeness);
    }
}
