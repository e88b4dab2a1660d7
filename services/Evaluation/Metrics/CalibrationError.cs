namespace TransferPipeline.Evaluation.Metrics;

/// <summary>
/// Expected calibration error (Guo et al. 2017): the gap between confidence and accuracy in ten equally wide bins
/// (a, b], weighted by their rows.
/// </summary>
internal sealed class CalibrationError : IMetric<ClassificationRows>
{
    private const int Bins = 10;

    public string Name => "ece";

    public double Perfect => 0;

    public double Of(ClassificationRows rows)
    {
        var confidence = new double[Bins];
        var right = new int[Bins];
        for (var row = 0; row < rows.Counts.Length; row++)
        {
            if (rows.Counts[row] == 0)
                continue;
            var sure = rows.Probabilities[row].Max();
            var bin = Math.Clamp((int)Math.Ceiling(sure * Bins) - 1, 0, Bins - 1);
            confidence[bin] += rows.Counts[row] * sure;
            right[bin] += rows.Predicted[row] == rows.Truth[row] ? rows.Counts[row] : 0;
        }

        return confidence.Zip(right, (sum, hits) => Math.Abs(sum - hits)).Sum() / rows.Total;
    }
}
