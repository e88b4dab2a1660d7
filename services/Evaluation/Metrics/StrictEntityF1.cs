namespace TransferPipeline.Evaluation.Metrics;

/// <summary>F1 of whole entities where only <c>B-</c> begins one: seqeval's strict mode for IOB2.</summary>
internal sealed class StrictEntityF1 : IMetric<EntityRows>
{
    public string Name => "entityF1Strict";

    public double Perfect => 1;

    public double Of(EntityRows rows) => new EntityF1().Of(rows with { Reading = TagReading.Strict });
}
