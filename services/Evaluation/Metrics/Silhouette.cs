namespace TransferPipeline.Evaluation.Metrics;

/// <summary>
/// How much nearer points are to their own cluster than to the next one (Rousseeuw 1987); none is defined for a single
/// cluster. It compares every pair of points.
/// </summary>
internal sealed class Silhouette(Silhouette.Distance distance) : IMetric<ClusterRows>
{
    internal enum Distance
    {
        Euclidean,
        Cosine,
    }

    public string Name => distance is Distance.Euclidean ? "silhouette" : "silhouetteCosine";

    public double Perfect => 1;

    public double Of(ClusterRows rows) =>
        rows.OfCluster.Count < 2 ? double.NaN : Enumerable.Range(0, rows.Total).Average(point => OfPoint(rows, point));

    private double OfPoint(ClusterRows rows, int point)
    {
        var own = rows.Clusters[point];
        if (rows.OfCluster[own] == 1)
            return 0;

        var sums = rows.OfCluster.Keys.ToDictionary(cluster => cluster, _ => 0.0);
        for (var other = 0; other < rows.Total; other++)
            if (other != point)
                sums[rows.Clusters[other]] += Between(rows.Points[point], rows.Points[other]);

        var inside = sums[own] / (rows.OfCluster[own] - 1);
        var outside = sums.Where(sum => sum.Key != own).Min(sum => sum.Value / rows.OfCluster[sum.Key]);
        var larger = Math.Max(inside, outside);
        return larger == 0 ? 0 : (outside - inside) / larger;
    }

    private double Between(double[] a, double[] b)
    {
        double squares = 0;
        double product = 0;
        double lengthA = 0;
        double lengthB = 0;
        for (var axis = 0; axis < a.Length; axis++)
        {
            squares += (a[axis] - b[axis]) * (a[axis] - b[axis]);
            product += a[axis] * b[axis];
            lengthA += a[axis] * a[axis];
            lengthB += b[axis] * b[axis];
        }
        return distance is Distance.Euclidean ? Math.Sqrt(squares) : 1 - product / Math.Sqrt(lengthA * lengthB);
    }
}
