namespace TransferPipeline.Evaluation.Metrics;

/// <summary>
/// Precision summed over the steps of recall, for the second of two classes; rows of equal score enter together.
/// </summary>
internal sealed class AveragePrecision : IMetric<ClassificationRows>
{
    public string Name => "averagePrecision";

    public double Perfect => 1;

    public double Of(ClassificationRows rows)
    {
        if (rows.Classes != 2 || rows.Confusion.Actual[1] == 0)
            return double.NaN;

        var sum = 0.0;
        var found = 0;
        foreach (var (positives, _, taken) in ScoreSteps.Of(rows))
        {
            found += positives;
            sum += (double)positives * found / taken;
        }
        return sum / rows.Confusion.Actual[1];
    }
}
