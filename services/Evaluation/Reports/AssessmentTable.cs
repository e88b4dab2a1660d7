using TransferPipeline.Evaluation.Assessing;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>What the labels are worth that syntheses gave, in whatever format.</summary>
internal static class AssessmentTable
{
    public const string Caption =
        "Coverage: share of the unlabelled rows that were given a label. Precision: share of these labels that are right, against the "
        + "labels that a sample had hidden, and on dev, which no synthesis reads. Purity, normalised mutual information (NMI) and "
        + "adjusted Rand index (ARI) compare the clusters with the true labels.";

    public static IReadOnlyList<string> Heads { get; } =
    [
        "step",
        "at",
        "method",
        "labels given",
        "coverage, %",
        "precision, %",
        "precision on dev, %",
        "clusters",
        "purity, %",
        "NMI",
        "ARI",
        "silhouette",
    ];

    /// <summary>Columns that hold words; the others hold figures.</summary>
    public const int Words = 3;

    public static IEnumerable<IReadOnlyList<string>> Rows(Study study) =>
        study.Assessments.Select(one =>
            (string[])
                [
                    one.Step,
                    one.Cell.ToString(),
                    one.Of.Method,
                    $"{one.Of.Given}",
                    Percent(one.Of.Coverage),
                    Percent(one.Of.Hidden?.Precision),
                    Percent(one.Of.Dev?.Precision),
                    one.Of.Clusters.Count == 0 ? "–" : $"{one.Of.Clusters.Count}",
                    Percent(one.Of.Agreement?.Purity),
                    Number(one.Of.Agreement?.Nmi),
                    Number(one.Of.Agreement?.Ari),
                    Number(one.Of.Silhouette),
                ]
        );

    /// <summary>Columns of <see cref="ClusterRows"/>.</summary>
    public static IReadOnlyList<string> ClusterHeads { get; } =
    ["label given", "its labelled members", "true labels", "nearest to its middle", "rows"];

    public const int ClusterWords = 4;

    /// <summary>The clusters of one synthesis, the largest first.</summary>
    public static IEnumerable<IReadOnlyList<string>> ClusterRows(Assessment assessment) =>
        assessment
            .Clusters.OrderByDescending(cluster => cluster.Size)
            .Select(cluster =>
                (string[])
                    [
                        cluster.Label ?? "–",
                        Counts(cluster.Labelled),
                        Counts(cluster.Truth),
                        string.Join(" | ", cluster.Examples.Take(3)),
                        $"{cluster.Size}",
                    ]
            );

    /// <summary>The numbers of clusters that were tried, and their elbow.</summary>
    public static IReadOnlyList<string> TriedHeads { get; } = ["clusters", "inertia", "silhouette"];

    public static IEnumerable<IReadOnlyList<string>> TriedRows(Assessment assessment) =>
        assessment.Tried.Select(one =>
            (string[])[$"{one.Clusters}", Wording.Number(one.Inertia, 1), Wording.Number(one.Silhouette, 3)]
        );

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0
            ? "–"
            : string.Join(
                ", ",
                counts.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}")
            );

    private static string Percent(double? share) => share is { } value ? Wording.Number(100 * value, 1) : "–";

    private static string Number(double? value) => value is { } number ? Wording.Number(number, 3) : "–";
}
