namespace TransferPipeline.Evaluation.Metrics;

/// <summary>True classes and found clusters of the same points.</summary>
internal sealed class ClusterRows
{
    public ClusterRows(double[][] points, int[] truth, int[] clusters)
    {
        Points = points;
        Clusters = clusters;
        Total = truth.Length;
        Together = truth.Zip(clusters).CountBy(pair => pair).ToDictionary();
        OfClass = truth.CountBy(label => label).ToDictionary();
        OfCluster = clusters.CountBy(cluster => cluster).ToDictionary();
    }

    public double[][] Points { get; }

    public int[] Clusters { get; }

    public int Total { get; }

    /// <summary>Points of each class in each cluster.</summary>
    public Dictionary<(int Class, int Cluster), int> Together { get; }

    public Dictionary<int, int> OfClass { get; }

    public Dictionary<int, int> OfCluster { get; }

    /// <summary>What the clusters tell about the classes, in nats.</summary>
    public double MutualInformation =>
        Together.Sum(pair =>
            (double)pair.Value
            / Total
            * Math.Log((double)pair.Value * Total / ((double)OfClass[pair.Key.Class] * OfCluster[pair.Key.Cluster]))
        );

    public double ClassEntropy => Entropy(OfClass);

    public double ClusterEntropy => Entropy(OfCluster);

    private double Entropy(Dictionary<int, int> sizes) =>
        -sizes.Values.Sum(size => (double)size / Total * Math.Log((double)size / Total));
}
