namespace TransferPipeline.Evaluation.Metrics;

/// <summary>F1 of whole entities, their type and both ends right, pooled over all types.</summary>
internal sealed class EntityF1 : IMetric<EntityRows>
{
    public string Name => "entityF1";

    public double Perfect => 1;

    public double Of(EntityRows rows)
    {
        var (both, truth, predicted) = rows.Count();
        return truth + predicted == 0 ? 0 : 2.0 * both / (truth + predicted);
    }
}
