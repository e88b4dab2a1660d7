namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>What attacks came to, and texts that fooled a model.</summary>
internal static class RobustnessSection
{
    public static Html Of(Study study) =>
        RobustnessTable.All(study).Count == 0
            ? Html.Empty
            : Html.Of(
                $"""
                <section><h2>Robustness</h2>
                {Html.Join(RobustnessTable.First(study), Table)}
                <details><summary>Accuracy under attack over query budgets and shares of words changed</summary>
                <p>The bands are 95 % Wilson intervals over the attacked examples.</p>{AttackCurves.Of(study)}</details>
                {Html.Join(
                    RobustnessTable.More(study),
                    table =>
                        Html.Of($"<details><summary>{Beginning(table.Caption)}</summary>{Table(table)}</details>\n")
                )}
                <details><summary>Texts that fooled a model, to judge by eye</summary>{AdversarialTexts.Of(
                    study
                )}</details>
                </section>

                """
            );

    private static Html Table(ReportTable table) =>
        RecordTables.Plain(table.Caption, table.Heads, table.Words, table.Rows);

    /// <summary>The caption up to its first question mark or comma.</summary>
    private static string Beginning(string caption) => caption[..(caption.IndexOfAny(['?', ',']) + 1)].TrimEnd(',');
}
