namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Mean over rows of the squared differences between probabilities and truth, summed over all classes.</summary>
internal sealed class Brier : IMetric<ClassificationRows>
{
    public string Name => "brier";

    public double Perfect => 0;

    public double Of(ClassificationRows rows) =>
        rows.Mean(row =>
        {
            var sum = 0.0;
            for (var label = 0; label < rows.Classes; label++)
            {
                var gap = rows.Probabilities[row][label] - (label == rows.Truth[row] ? 1 : 0);
                sum += gap * gap;
            }
            return sum;
        });
}
