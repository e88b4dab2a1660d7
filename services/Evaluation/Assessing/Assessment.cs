using TransferPipeline.Contracts;

namespace TransferPipeline.Evaluation.Assessing;

/// <summary>What became of the labels that a synthesis gave.</summary>
/// <param name="Unlabelled">Rows that had none.</param>
/// <param name="Given">Labels given to them.</param>
/// <param name="Hidden">Against the labels that a sample took away; null where none of those given is known.</param>
/// <param name="Dev">What the labelled clusters would give dev rows; null where they were not applied.</param>
/// <param name="HeldOut">What the labelled rows would have been given without their own label.</param>
/// <param name="Classes">Against hidden labels, of each label that was given.</param>
/// <param name="Agreement">Of clusters and true labels; null without clusters or without hidden labels.</param>
/// <param name="Map">Rows on the plane of their first two principal components.</param>
/// <param name="Warning">Why these labels are not to be trusted; null where nothing speaks against it.</param>
internal sealed record Assessment(
    string Method,
    int Labelled,
    int Unlabelled,
    int Given,
    GivenRight? Hidden,
    GivenRight? Dev,
    HeldOutLabels? HeldOut,
    IReadOnlyList<GivenClass> Classes,
    ClusterAgreement? Agreement,
    double? Silhouette,
    IReadOnlyList<AssessedCluster> Clusters,
    IReadOnlyList<ClusterCountTried> Tried,
    IReadOnlyList<MapPoint> Map,
    IReadOnlyList<string> Labels,
    string? Warning
)
{
    /// <summary>What an output calls the artefact that holds it.</summary>
    public const string File = "assessment.json";

    /// <summary>Share of the unlabelled rows that were given a label.</summary>
    public double Coverage => Unlabelled == 0 ? 0 : (double)Given / Unlabelled;
}

/// <summary>Labels given, and how many of them are right.</summary>
internal sealed record GivenRight(int Rows, int Given, int Right)
{
    public double? Precision => Given == 0 ? null : (double)Right / Given;
}

/// <summary>One label.</summary>
internal sealed record GivenClass(string Label, int Given, int Right);

/// <summary>How far clusters and true labels are the same thing.</summary>
/// <param name="Rows">Rows whose label is known.</param>
internal sealed record ClusterAgreement(int Rows, double Purity, double Nmi, double Ari);

/// <summary>One cluster, with the true labels of its members.</summary>
internal sealed record AssessedCluster(
    int Size,
    string? Label,
    IReadOnlyDictionary<string, int> Labelled,
    IReadOnlyDictionary<string, int> Truth,
    IReadOnlyList<string> Examples
);

/// <summary>A row on the map.</summary>
/// <param name="Label">Position of its true label; null where it is not known.</param>
internal sealed record MapPoint(float X, float Y, int? Cluster, int? Label);
