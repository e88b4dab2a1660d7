using TransferPipeline.Contracts;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>What a reader must know before trusting the figures.</summary>
internal static class Warnings
{
    private const int FewRows = 1000;
    private const int EnoughUpdates = 400;

    /// <summary>All of them, the steps' notes, and the gains that could not be shown.</summary>
    public static IReadOnlyList<string> Of(Study study) =>
        [.. BesideHeadline(study), .. StepNotes.Of(study), .. NoGain(study)];

    /// <summary>Those that the headline does not tell.</summary>
    public static IReadOnlyList<string> BesideHeadline(Study study) =>
        [
            .. Unfinished(study),
            .. Collapsed(study),
            .. FewerUpdates(study),
            .. UnequalUpdates(study),
            .. Seen(study),
            .. Mislabelled(study),
            .. AlikeNotes.Merge(
                study.Labellings.SelectMany(one => one.Analysis.Notes.Select(note => $"{one.Step}: {note}"))
            ),
            .. Uncompared(study),
            .. OneSeed(study),
        ];

    private static IEnumerable<string> Unfinished(Study study)
    {
        var count = study.Unfinished.Count();
        if (count > 0)
            yield return $"{Wording.Count(count, "step")} of {study.Steps.Count} came to no result; what they would have "
                + "given is missing here.";
    }

    private static IEnumerable<string> Collapsed(Study study) =>
        study
            .Rows.SelectMany(row => row.Scores.Notes.Where(StepNotes.IsCollapse).Select(note => (Row: row, Note: note)))
            .GroupBy(noted => (noted.Row.Step, noted.Note), noted => noted.Row.Cell)
            .Select(group =>
                $"{group.Key.Step} collapsed{Place.Of([.. group.Distinct()], study.Axis)}: "
                + group.Key.Note[ModelScores.Collapsed.Length..]
            );

    // A language model reads no labels, and the rule is about few of them.
    private static IEnumerable<string> FewerUpdates(Study study) =>
        study
            .Rows.Where(row => row.Scores is { Updates: > 0 and < EnoughUpdates, LabelsTrain: > 0 and < FewRows })
            .GroupBy(row => row.Step)
            .GroupBy(step => Range(step.Select(row => row.Scores.Updates)), step => step.Key)
            .Select(alike =>
                $"{Wording.List([.. alike])} {(alike.Count() == 1 ? "was" : "were")} trained with {alike.Key} updates, fewer than "
                + $"the {EnoughUpdates} that fewer than {FewRows} rows need"
                + (study.Run.Preset is { } preset ? $" (preset {preset})." : ".")
            );

    private static IEnumerable<string> UnequalUpdates(Study study) =>
        study
            .Rows.Where(row => row.Scores.Updates > 0 && study.Spec.Compare.Contains(row.Step))
            .GroupBy(row => row.Cell)
            .Where(cell => cell.Select(row => row.Scores.Updates).Distinct().Count() > 1)
            .Select(cell => string.Join(", ", cell.Select(row => $"{row.Step} {row.Scores.Updates}").Distinct()))
            .Distinct()
            .Select(counts => $"Compared models were trained with different numbers of updates: {counts}.");

    private static IEnumerable<string> Seen(Study study) =>
        study
            .Rows.Where(row => row.Scores.Seen > 0)
            .GroupBy(row => (row.Scores.Dataset, row.Scores.Split, row.Scores.N))
            .Select(group =>
                $"{Range(group.Select(row => (long)row.Scores.Seen))} of {group.Key.N} {group.Key.Split} texts of "
                + $"{group.Key.Dataset} were read in training, by {Wording.List([.. group.Select(row => row.Step).Distinct()])} "
                + "or the models that they started from; their figures without these texts stand beside."
            );

    private static IEnumerable<string> Mislabelled(Study study) =>
        study
            .Assessments.Where(one => one.Of.Warning is not null)
            .Select(one => one.Step + Place.Of([one.Cell], null) + ": " + one.Of.Warning);

    private static IEnumerable<string> Uncompared(Study study) =>
        study
            .Spec.Compare.Skip(1)
            .Where(step => study.Comparisons.All(comparison => comparison.B != step))
            .Select(step =>
                $"{study.Spec.Compare[0]} and {step} could not be compared: none of their models were scored on the same rows, or one seed of "
                + "predicted numbers or tags allows no test."
            );

    private static IEnumerable<string> NoGain(Study study) =>
        Finding
            .Of(study.Comparisons)
            .Where(finding => finding.Verdict == Verdict.NotShown)
            .GroupBy(finding => (finding.A, finding.B))
            .Select(group =>
                $"No gain of {group.Key.A} over {group.Key.B} could be shown"
                + Place.Of([.. group.Select(finding => finding.Cell)], study.Axis)
                + "."
            );

    private static IEnumerable<string> OneSeed(Study study)
    {
        if (study.Summaries.Count > 0 && study.Summaries.All(summary => summary.Rows.Count == 1))
            yield return "Every figure comes from a single seed, so nothing is known about how much the next one would differ.";
    }

    private static string Range(IEnumerable<long> values)
    {
        var sorted = values.Order().ToArray();
        return Wording.Range($"{sorted[0]}", $"{sorted[^1]}");
    }
}
