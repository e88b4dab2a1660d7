using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Evaluation.Comparing;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>What attacks came to, model by model, in whatever format.</summary>
internal static class RobustnessTable
{
    public const string Caption =
        "Accuracy with its 95 % Wilson interval, over all attacked examples; success rate over those that the model got right at first. "
        + "Words changed are the mean share in successful texts, queries the mean of each text that was not passed over, counted as "
        + "TextAttack counts them; forward passes are what the model really read.";

    public const string CurveCaption =
        "Accuracy under attack in %, where each text allows at most so many queries, or at most such a share of its words to be changed.";

    /// <summary>Columns that hold words; the others hold figures.</summary>
    public const int Words = 3;

    public static IReadOnlyList<string> Heads { get; } =
    [
        "model",
        "at",
        "recipe",
        "texts",
        "accuracy before %",
        "under attack %",
        "95 % interval",
        "success %",
        "words changed %",
        "queries",
        "forward passes",
        "unfinished",
    ];

    public static IReadOnlyList<(ScoredModel Row, AttackScores Attack)> All(Study study) =>
        [.. study.Rows.SelectMany(row => (row.Scores.Attacks ?? []).Select(attack => (row, attack)))];

    public static IEnumerable<IReadOnlyList<string>> Rows(Study study) =>
        All(study)
            .Select(one =>
                (string[])
                    [
                        one.Row.Step,
                        one.Row.Cell.ToString(),
                        Recipe(one.Attack),
                        Whole(one.Attack.N),
                        Percent(one.Attack.OriginalAccuracy),
                        Percent(one.Attack.AccuracyUnderAttack),
                        one.Attack.AccuracyUnderAttack is { Low: { } low, High: { } high }
                            ? $"{Wording.Number(low * 100, 1)} to {Wording.Number(high * 100, 1)}"
                            : "–",
                        Percent(one.Attack.AttackSuccessRate),
                        Percent(one.Attack.WordsChanged),
                        one.Attack.Queries is { } queries ? Wording.Number(queries.Value, 1) : "–",
                        Whole(one.Attack.Forwards),
                        Whole(one.Attack.Unfinished),
                    ]
            );

    public static IReadOnlyList<string> CurveHeads(Study study) =>
        All(study) is [var first, ..]
            ?
            [
                "model",
                "at",
                "recipe",
                .. first.Attack.OverQueries.Select(point => $"≤ {Whole((long)point.At)} queries"),
                .. first.Attack.OverWordsChanged.Select(point => $"≤ {Wording.Number(point.At * 100, 0)} % of words"),
            ]
            : [];

    public static IEnumerable<IReadOnlyList<string>> Curves(Study study) =>
        All(study)
            .Select(one =>
                (string[])
                    [
                        one.Row.Step,
                        one.Row.Cell.ToString(),
                        Recipe(one.Attack),
                        .. one
                            .Attack.OverQueries.Concat(one.Attack.OverWordsChanged)
                            .Select(point => Percent(point.Value)),
                    ]
            );

    private static string Recipe(AttackScores attack) =>
        attack.Budget is { } budget ? $"{attack.Recipe}, at most {Whole(budget)} queries" : attack.Recipe;

    private static string Percent(MetricValue? value) => value is null ? "–" : Wording.Number(value.Value * 100, 1);

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
