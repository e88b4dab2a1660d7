namespace TransferPipeline.Synthesis.Clustering;

/// <summary>Points and the clusters they were put into.</summary>
/// <param name="Centroids">One row per cluster.</param>
/// <param name="Of">The cluster of each point.</param>
/// <param name="Distances">Squared distance of each point to its centroid.</param>
/// <param name="Iterations">How often the centroids were moved.</param>
internal sealed record Partition(DenseRows Centroids, int[] Of, float[] Distances, int Iterations)
{
    public int Count => Centroids.Count;

    /// <summary>Sum of the squared distances: the smaller, the tighter the clusters.</summary>
    public double Inertia { get; } = Distances.Sum(distance => (double)distance);

    /// <summary>The points of each cluster, ascending.</summary>
    public int[][] Members()
    {
        var members = Centroids.Count == 0 ? [] : new List<int>[Centroids.Count];
        for (var cluster = 0; cluster < members.Length; cluster++)
            members[cluster] = [];
        for (var point = 0; point < Of.Length; point++)
            members[Of[point]].Add(point);
        return [.. members.Select(points => points.ToArray())];
    }
}
