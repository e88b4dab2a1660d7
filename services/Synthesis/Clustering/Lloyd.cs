namespace TransferPipeline.Synthesis.Clustering;

/// <summary>Exact K-Means: all points are assigned before the centroids move, until nothing moves any more; bounds spare most of the distances.</summary>
internal sealed class Lloyd(int iterations, double tolerance, CancellationToken cancellation)
{
    public Partition Fit(DenseRows points, DenseRows seeds, Assignment assignment)
    {
        var still = tolerance * Variance(points);
        var centroids = seeds;
        var of = new int[points.Count];
        Array.Fill(of, -1);
        var (bounds, sums) = (assignment.Bounds(), assignment.Sums(seeds.Count));
        var iteration = 0;
        while (iteration < iterations)
        {
            cancellation.ThrowIfCancellationRequested();
            var changed = bounds.Assign(centroids, of);
            if (of.Distinct().Count() < centroids.Count)
            {
                Fill(of);
                changed = true;
            }
            if (!changed)
                break;
            var moved = sums.Means(of);
            bounds.Move(centroids, moved, of);
            iteration++;
            var shift = Distances.Squared(moved.Values, centroids.Values);
            centroids = moved;
            if (shift <= still)
                break;
        }
        return assignment.Finish(centroids, iteration);

        void Fill(int[] of)
        {
            var distances = new float[of.Length];
            assignment.Assign(centroids, of, distances);
            assignment.FillEmpty(of, distances, centroids.Count);
            bounds.Forget();
        }
    }

    /// <summary>Mean over the columns of their variance.</summary>
    private static double Variance(DenseRows points)
    {
        var sums = new double[points.Width];
        var squares = 0.0;
        for (var point = 0; point < points.Count; point++)
        {
            Distances.Add(points[point], sums);
            squares += Distances.Product(points[point], points[point]);
        }
        var means = sums.Sum(sum => sum / points.Count * (sum / points.Count));
        return (squares / points.Count - means) / points.Width;
    }
}
