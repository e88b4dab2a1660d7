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
                {RecordTables.Plain(
                    RobustnessTable.Caption,
                    RobustnessTable.Heads,
                    RobustnessTable.Words,
                    RobustnessTable.Rows(study)
                )}
                <details><summary>Over query budgets and shares of words changed</summary>{RecordTables.Plain(
                    RobustnessTable.CurveCaption,
                    RobustnessTable.CurveHeads(study),
                    RobustnessTable.Words,
                    RobustnessTable.Curves(study)
                )}</details>
                <details><summary>Texts that fooled a model</summary>{AdversarialTexts.Of(study)}</details>
                </section>

                """
            );
}
