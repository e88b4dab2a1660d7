namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Matthews correlation for any number of classes (Gorodkin 2004); 0 where either side has one class only.</summary>
internal sealed class Matthews : IMetric<ClassificationRows>
{
    public string Name => "matthews";

    public double Perfect => 1;

    public double Of(ClassificationRows rows)
    {
        var matrix = rows.Confusion;
        double n = matrix.Total;
        double together = 0;
        double predicted = 0;
        double actual = 0;
        for (var label = 0; label < matrix.Classes; label++)
        {
            together += (double)matrix.Actual[label] * matrix.Predicted[label];
            predicted += (double)matrix.Predicted[label] * matrix.Predicted[label];
            actual += (double)matrix.Actual[label] * matrix.Actual[label];
        }

        var spread = (n * n - predicted) * (n * n - actual);
        return spread == 0 ? 0 : (matrix.Right * n - together) / Math.Sqrt(spread);
    }
}
