using TransferPipeline.Contracts;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>What the models of a study noted of their own training and scoring, such as weights that started new.</summary>
internal static class StepNotes
{
    /// <summary>Each note once, with the steps that made it.</summary>
    public static IReadOnlyList<string> Of(Study study) =>
        [
            .. study
                .Rows.GroupBy(row => row.Step)
                .SelectMany(rows =>
                    AlikeNotes
                        .Merge(rows.SelectMany(row => row.Scores.Notes).Where(note => !IsCollapse(note)))
                        .Select(note => (Step: rows.Key, Note: note))
                )
                .GroupBy(noted => noted.Note, noted => noted.Step)
                .Select(noted => $"{Wording.List([.. noted])}: {noted.Key}"),
        ];

    /// <summary>Whether it says that a training learnt nothing, which is told before the figures.</summary>
    public static bool IsCollapse(string note) => note.StartsWith(ModelScores.Collapsed, StringComparison.Ordinal);
}
