using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Evaluation.Comparing;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>A table of the report, in whatever format.</summary>
/// <param name="Words">Columns that hold words; the others hold figures.</param>
internal sealed record ReportTable(
    string Caption,
    IReadOnlyList<string> Heads,
    int Words,
    IReadOnlyList<IReadOnlyList<string>> Rows
);

/// <summary>What attacks came to.</summary>
internal static class RobustnessTable
{
    private const string AttackCaption =
        "Accuracy with its 95 % Wilson interval, over all attacked examples; success rate over those that the model got right at first. "
        + "Words changed are the mean share in successful texts, queries the mean of each text that was not passed over, counted as "
        + "TextAttack counts them, both with their 95 % bootstrap interval; forward passes are what the model really read.";

    private const string NoiseCaption =
        "Noise: the same changes at random, without a search. What an attack breaks beyond this it owes to searching.";

    private static readonly string[] Place = ["model", "at", "recipe"];

    public static IReadOnlyList<(ScoredModel Row, AttackScores Attack)> All(Study study) =>
        [.. study.Rows.SelectMany(row => (row.Scores.Attacks ?? []).Select(attack => (row, attack)))];

    /// <summary>The tables that a reader looks at first; those without a row are left out.</summary>
    public static IEnumerable<ReportTable> First(Study study) =>
        Filled(
            Figures(study, searches: true),
            Figures(study, searches: false),
            JointTables.Worst(study),
            JointTables.Shared(study),
            JointTables.Transfer(study),
            Reduced(study)
        );

    /// <summary>Further ones.</summary>
    public static IEnumerable<ReportTable> More(Study study) => Filled(JointTables.Validity(study), Curves(study));

    private static ReportTable Figures(Study study, bool searches) =>
        new(
            searches ? AttackCaption : NoiseCaption,
            [
                .. Place,
                "texts",
                "accuracy before %",
                searches ? "under attack %" : "under noise %",
                "success %",
                "words changed %",
                "queries",
                "forward passes",
                "unfinished",
            ],
            Place.Length,
            [
                .. All(study)
                    .Where(one => one.Attack.Fools && one.Attack.Searches == searches)
                    .Select(one =>
                        (string[])
                            [
                                .. Of(one.Row, one.Attack),
                                Whole(one.Attack.N),
                                Percent(one.Attack.OriginalAccuracy),
                                Percent(one.Attack.AccuracyUnderAttack),
                                Percent(one.Attack.AttackSuccessRate),
                                Percent(one.Attack.WordsChanged),
                                Figure(one.Attack.Queries),
                                Whole(one.Attack.Forwards),
                                Whole(one.Attack.Unfinished),
                            ]
                    ),
            ]
        );

    /// <summary>Of attacks that keep the label.</summary>
    private static ReportTable Reduced(Study study) =>
        new(
            "Words that can be left out while the model keeps its label: mean words of the texts before and after, with their 95 % "
                + "bootstrap intervals. What is left seldom makes sense to a reader; few words mean that the model is sure without it.",
            [.. Place, "texts", "words before", "words left", "queries", "forward passes"],
            Place.Length,
            [
                .. All(study)
                    .Where(one => !one.Attack.Fools)
                    .Select(one =>
                        (string[])
                            [
                                .. Of(one.Row, one.Attack),
                                Whole(one.Attack.Successful),
                                Figure(one.Attack.WordsBefore),
                                Figure(one.Attack.WordsLeft),
                                Figure(one.Attack.Queries),
                                Whole(one.Attack.Forwards),
                            ]
                    ),
            ]
        );

    private static ReportTable Curves(Study study)
    {
        var all = All(study).Where(one => one.Attack.Searches).ToList();
        return new(
            "Accuracy under attack in %, where each text allows at most so many queries, or at most such a share of its words to be changed.",
            all is [var first, ..]
                ?
                [
                    .. Place,
                    .. first.Attack.OverQueries.Select(point => $"≤ {Whole((long)point.At)} queries"),
                    .. first.Attack.OverWordsChanged.Select(point =>
                        $"≤ {Wording.Number(point.At * 100, 0)} % of words"
                    ),
                ]
                : [],
            Place.Length,
            [
                .. all.Select(one =>
                    (string[])
                        [
                            .. Of(one.Row, one.Attack),
                            .. one
                                .Attack.OverQueries.Concat(one.Attack.OverWordsChanged)
                                .Select(point => Wording.Number(point.Value.Value * 100, 1)),
                        ]
                ),
            ]
        );
    }

    /// <summary>Model, place in the matrix and recipe.</summary>
    internal static string[] Of(ScoredModel row, AttackScores attack) =>
        [row.Step, At(row.Cell, attack.Recipe), Recipe(attack)];

    /// <summary>A key that says the recipe again is left out.</summary>
    internal static string At(MatrixCell cell, string recipe) =>
        new MatrixCell(cell.Values.Where(pair => !recipe.StartsWith(pair.Value, StringComparison.Ordinal))).ToString();

    internal static string Recipe(AttackScores attack) =>
        attack.Budget is { } budget ? $"{attack.Recipe}, at most {Whole(budget)} queries" : attack.Recipe;

    internal static string Percent(MetricValue? value) => WithInterval(value, 100, 1);

    internal static string Figure(MetricValue? value, int decimals = 1) => WithInterval(value, 1, decimals);

    internal static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string WithInterval(MetricValue? value, double factor, int decimals)
    {
        if (value is null)
            return "–";
        return value is { Low: { } low, High: { } high }
            ? $"{Number(value.Value)} ({Number(low)}–{Number(high)})"
            : Number(value.Value);

        string Number(double figure) => Wording.Number(figure * factor, decimals);
    }

    private static IEnumerable<ReportTable> Filled(params IEnumerable<ReportTable> tables) =>
        tables.Where(table => table.Rows.Count > 0);
}
