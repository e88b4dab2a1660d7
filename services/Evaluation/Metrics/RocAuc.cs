namespace TransferPipeline.Evaluation.Metrics;

/// <summary>The chance that a row of the second of two classes scores above one of the first; equal scores count half.</summary>
internal sealed class RocAuc : IMetric<ClassificationRows>
{
    public string Name => "rocAuc";

    public double Perfect => 1;

    public double Of(ClassificationRows rows)
    {
        if (rows.Classes != 2 || rows.Confusion.Actual.Contains(0))
            return double.NaN;

        var above = 0.0;
        long found = 0;
        foreach (var (positives, negatives, _) in ScoreSteps.Of(rows))
        {
            above += negatives * (found + positives / 2.0);
            found += positives;
        }
        return above / ((double)rows.Confusion.Actual[0] * rows.Confusion.Actual[1]);
    }
}
