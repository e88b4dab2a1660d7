namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Share of the words whose tag is right; most of it is won by tagging no entity at all.</summary>
internal sealed class TagAccuracy : IMetric<EntityRows>
{
    public string Name => "tagAccuracy";

    public double Perfect => 1;

    public double Of(EntityRows rows)
    {
        var (right, all) = rows.Words();
        return all == 0 ? double.NaN : (double)right / all;
    }
}
