using TransferPipeline.Evaluation.Comparing;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>What each <c>select</c> chose, and what it left, in whatever format.</summary>
internal static class SelectionTable
{
    public const string Caption = "Scores are those on the split that chose; results stand on another.";

    public static IReadOnlyList<string> Heads { get; } =
    ["step", "at", "chosen", "by", "score", "candidates", "scores of the others"];

    /// <summary>Columns that hold words; the others hold figures.</summary>
    public const int Words = 4;

    public static IEnumerable<IReadOnlyList<string>> Rows(Study study) =>
        from step in study.Steps
        where study.Selections.ContainsKey(step.Id)
        let selected = study.Selections[step.Id]
        select (string[])
            [
                step.Name,
                new MatrixCell(step.Cell).ToString(),
                selected.Best.ToString(),
                $"{Wording.Of(selected.Metric)} on {selected.Split}",
                Wording.Figure(selected.Metric, selected.Best.Score) + Wording.Unit(selected.Metric),
                $"{selected.Candidates.Count}",
                Others(selected),
            ];

    private static string Others(Selected selected)
    {
        double[] scores =
        [
            .. selected.Candidates.Where((_, place) => place != selected.Chosen).Select(other => other.Score).Order(),
        ];
        if (scores.Length == 0)
            return "–";
        var (low, high) = (Wording.Figure(selected.Metric, scores[0]), Wording.Figure(selected.Metric, scores[^1]));
        return (low == high ? low : $"{low} to {high}") + Wording.Unit(selected.Metric);
    }
}
