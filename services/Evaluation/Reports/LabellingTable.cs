namespace TransferPipeline.Evaluation.Reports;

/// <summary>What label models made of votes, and what each function said, in whatever format.</summary>
internal static class LabellingTable
{
    public const string Caption =
        "Covered: share of the texts on which a function voted. Accuracy: share of the labels given that are right, against those "
        + "that a sample had hidden from every step but this report.";

    public static IReadOnlyList<string> Heads { get; } =
    ["step", "at", "label model", "texts", "covered, %", "labels given", "accuracy, %", "balance"];

    /// <summary>Columns that hold words; the others hold figures.</summary>
    public const int Words = 3;

    public static IEnumerable<IReadOnlyList<string>> Rows(Study study) =>
        study.Labellings.Select(one =>
            (string[])
                [
                    one.Step,
                    one.Cell.ToString(),
                    one.Analysis.LabelModel,
                    $"{one.Analysis.Rows}",
                    Percent((double)one.Analysis.Covered / Math.Max(1, one.Analysis.Rows)),
                    $"{one.Analysis.Labelled}",
                    Percent(one.Given.Accuracy),
                    string.Join(
                        ", ",
                        one.Analysis.Labels.Zip(
                            one.Analysis.Balance,
                            (label, share) => $"{label} {Wording.Number(share, 2)}"
                        )
                    ),
                ]
        );

    public const string FunctionCaption =
        "Shares of all texts, in %. Overlaps: another function voted too; conflicts: for another label. Accuracy of the votes: on "
        + "rows of train with a label, on texts whose label was hidden, and as the label model learned it without any label.";

    public static IReadOnlyList<string> FunctionHeads { get; } =
    [
        "function",
        "votes for",
        "coverage",
        "overlaps",
        "conflicts",
        "accuracy on train",
        "accuracy on hidden labels",
        "learned accuracy",
    ];

    /// <summary>Columns of words of <see cref="FunctionRows"/>.</summary>
    public const int FunctionWords = 2;

    public static IEnumerable<IReadOnlyList<string>> FunctionRows(ScoredLabelling one) =>
        one.Analysis.Functions.Zip(
            one.Functions,
            (function, right) =>
                (string[])
                    [
                        function.Name,
                        function.Polarity.Count == 0 ? "–" : string.Join(", ", function.Polarity),
                        Percent(function.Coverage),
                        Percent(function.Overlaps),
                        Percent(function.Conflicts),
                        Percent(function.EmpiricalAccuracy),
                        Percent(right.Accuracy),
                        Percent(function.LearnedAccuracy),
                    ]
        );

    private static string Percent(double? share) => share is { } value ? Wording.Number(100 * value, 1) : "–";
}
