namespace TransferPipeline.Evaluation.Metrics;

/// <summary>F1 of the second of two classes, as GLUE scores paraphrases; 0 where neither side has a row of it.</summary>
internal sealed class PositiveF1 : IMetric<ClassificationRows>
{
    public string Name => "f1";

    public double Perfect => 1;

    public double Of(ClassificationRows rows) => rows.Classes == 2 ? rows.Confusion.F1(1) : double.NaN;
}
