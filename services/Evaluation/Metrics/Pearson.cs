namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Linear correlation; none is defined where one side is constant.</summary>
internal sealed class Pearson : IMetric<RegressionRows>
{
    public string Name => "pearson";

    public double Perfect => 1;

    public double Of(RegressionRows rows) => Between(rows.Truth, rows.Predicted);

    public static double Between(double[] x, double[] y)
    {
        var meanX = x.Average();
        var meanY = y.Average();
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (var row = 0; row < x.Length; row++)
        {
            var dx = x[row] - meanX;
            var dy = y[row] - meanY;
            xy += dx * dy;
            xx += dx * dx;
            yy += dy * dy;
        }
        return xx == 0 || yy == 0 ? double.NaN : Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1);
    }
}
