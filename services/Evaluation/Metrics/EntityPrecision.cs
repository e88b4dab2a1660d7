namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Share of the predicted entities that are true ones.</summary>
internal sealed class EntityPrecision : IMetric<EntityRows>
{
    public string Name => "entityPrecision";

    public double Perfect => 1;

    public double Of(EntityRows rows)
    {
        var (both, _, predicted) = rows.Count();
        return predicted == 0 ? 0 : (double)both / predicted;
    }
}
