namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Share of the points that are of their cluster's most frequent class.</summary>
internal sealed class Purity : IMetric<ClusterRows>
{
    public string Name => "purity";

    public double Perfect => 1;

    public double Of(ClusterRows rows) =>
        (double)rows.Together.GroupBy(pair => pair.Key.Cluster).Sum(cluster => cluster.Max(pair => pair.Value))
        / rows.Total;
}
