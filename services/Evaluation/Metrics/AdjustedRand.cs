namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Pairs of points on which classes and clusters agree, adjusted for chance (Hubert and Arabie 1985).</summary>
internal sealed class AdjustedRand : IMetric<ClusterRows>
{
    public string Name => "ari";

    public double Perfect => 1;

    public double Of(ClusterRows rows)
    {
        var together = rows.Together.Values.Sum(Pairs);
        var classes = rows.OfClass.Values.Sum(Pairs);
        var clusters = rows.OfCluster.Values.Sum(Pairs);
        var expected = classes * clusters / Pairs(rows.Total);
        var largest = (classes + clusters) / 2;
        return largest == expected ? 1 : (together - expected) / (largest - expected);
    }

    private static double Pairs(int points) => points * (points - 1.0) / 2;
}
