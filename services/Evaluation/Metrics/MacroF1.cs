namespace TransferPipeline.Evaluation.Metrics;

internal sealed class MacroF1 : IMetric<ClassificationRows>
{
    public string Name => "macroF1";

    public double Perfect => 1;

    public double Of(ClassificationRows rows) => rows.Confusion.Present().Average(rows.Confusion.F1);
}
