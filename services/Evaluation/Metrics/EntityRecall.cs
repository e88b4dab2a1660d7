namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Share of the true entities that were found.</summary>
internal sealed class EntityRecall : IMetric<EntityRows>
{
    public string Name => "entityRecall";

    public double Perfect => 1;

    public double Of(EntityRows rows)
    {
        var (both, truth, _) = rows.Count();
        return truth == 0 ? 0 : (double)both / truth;
    }
}
