namespace TransferPipeline.Contracts;

/// <summary>What a synthesis found among the rows that it read; scoring and reports look at it, no training does.</summary>
/// <param name="Clusters">None where the method knows no clusters.</param>
/// <param name="Rows">Every row that was read, labelled ones first.</param>
/// <param name="Tried">The numbers of clusters that were tried, where one was chosen.</param>
/// <param name="Silhouette">Of a sample of the rows; null without clusters.</param>
/// <param name="HeldOut">What the labelled rows would have been given without their own label; null without clusters.</param>
/// <param name="Width">Of the vectors that were clustered.</param>
/// <param name="MaxTokens">Tokens that were read of a text; 0 where the vectors came of no model.</param>
public sealed record SynthesisFindings(
    string Method,
    IReadOnlyList<FoundCluster> Clusters,
    IReadOnlyList<FoundRow> Rows,
    IReadOnlyList<ClusterCountTried> Tried,
    double? Silhouette,
    HeldOutLabels? HeldOut,
    int Width,
    int MaxTokens
);

/// <summary>One cluster.</summary>
/// <param name="Labelled">Labelled members of each label.</param>
/// <param name="Label">What its other members were given; null where they were given nothing.</param>
/// <param name="Examples">Texts of the members nearest to the centroid.</param>
public sealed record FoundCluster(
    int Size,
    IReadOnlyDictionary<string, int> Labelled,
    string? Label,
    IReadOnlyList<string> Examples,
    IReadOnlyList<float> Centroid
);

/// <summary>One row that was read.</summary>
/// <param name="Cluster">Null where the method knows no clusters.</param>
/// <param name="X">Its place on the two-dimensional map, the first principal component; null where it is not on it.</param>
public sealed record FoundRow(string Id, int? Cluster, float? X, float? Y);

/// <summary>A number of clusters and how well it suits the rows.</summary>
public sealed record ClusterCountTried(int Clusters, double Inertia, double Silhouette);

/// <summary>How often a label would have been given again, and rightly.</summary>
public sealed record HeldOutLabels(int Rows, int Given, int Right);
