using System.Text;
using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Evaluation.Reports.Pages;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Writes <c>report.md</c>, to be pasted where GitHub's Markdown is read.</summary>
internal static class MarkdownReport
{
    public static string Of(Study study)
    {
        var text = new StringBuilder();
        text.Append($"# {Markdown.Text(study.Run.Scenario)}\n\n");
        foreach (var sentence in Headline.Of(study))
            text.Append($"- {Markdown.Text(sentence)}\n");
        AddList(text, "**Before you rely on this**", Warnings.BesideHeadline(study));
        AddResults(text, study);
        AddSelections(text, study);
        AddAssessments(text, study);
        AddLabellings(text, study);
        AddRobustness(text, study);
        AddComparisons(text, study);
        AddCosts(text, study);
        AddUnfinished(text, study);
        AddList(text, "## Notes of the steps", StepNotes.Of(study));
        var preset = study.Run.Preset is { } name ? $", preset {Markdown.Text(name)}" : "";
        text.Append(
            $"\nRun {Markdown.Text(study.Run.Id)}{preset}, finished {study.Finished.UtcDateTime:yyyy-MM-dd HH:mm} UTC.\n"
        );
        return text.ToString();
    }

    private static void AddList(StringBuilder text, string head, IReadOnlyList<string> items)
    {
        if (items.Count == 0)
            return;
        text.Append($"\n{head}\n\n");
        foreach (var item in items)
            text.Append($"- {Markdown.Text(item)}\n");
    }

    private static void AddResults(StringBuilder text, Study study)
    {
        if (study.Summaries.Count == 0)
            return;
        text.Append($"\n## Results\n\nMean ± standard deviation over seeds.\n\n");
        if (Curve.Of(study) is { } curve)
        {
            text.Append($"{Markdown.Text(Name(study.Metric))}:\n\n");
            text.Append(
                Markdown.Table(
                    [Wording.Of(curve.Axis), .. curve.Lines.Select(line => line.Name)],
                    1,
                    curve.Values.Select(
                        (value, place) => (string[])[value, .. curve.Lines.Select(line => At(line, place))]
                    )
                )
            );
            text.Append('\n');
        }

        string[] metrics = [.. study.Summaries.SelectMany(summary => summary.Metrics).Distinct()];
        text.Append(
            Markdown.Table(
                ["step", "at", "seeds", .. metrics.Select(Name)],
                2,
                study.Summaries.Select(summary =>
                    (string[])
                        [
                            summary.Step,
                            summary.Cell.ToString(),
                            $"{summary.Rows.Count}",
                            .. metrics.Select(metric => Tables.MeanAndDeviation(metric, summary.Of(metric))),
                        ]
                )
            )
        );

        string At(CurveLine line, int place) =>
            Tables.MeanAndDeviation(study.Metric, line.Points.FirstOrDefault(point => point.Place == place)?.Sample);
    }

    private static void AddComparisons(StringBuilder text, Study study)
    {
        if (study.Comparisons.Count == 0)
            return;
        text.Append("\n## Comparisons\n\np is corrected for all tests of this report (Holm).\n\n");
        text.Append(
            Markdown.Table(
                ["compared", "at", "seed", "test", "difference", "95 % interval", "p", "p, Holm"],
                4,
                study.Comparisons.Select(one =>
                    (string[])
                        [
                            $"{one.A} – {one.B}",
                            one.Cell.ToString(),
                            one.Test == Comparison.AcrossSeeds ? $"all {one.Seeds}" : one.Seed ?? "–",
                            one.Test,
                            $"{Wording.Difference(one.Metric, one.Difference)} {Wording.Of(one.Metric)}",
                            one.Interval is { } interval
                                ? $"{Wording.Signed(one.Metric, interval.Low)} to {Wording.Signed(one.Metric, interval.High)}"
                                : "–",
                            one.P is { } p ? Wording.P(p) : "–",
                            one.Holm is { } holm ? Wording.P(holm) : "–",
                        ]
                )
            )
        );
    }

    private static void AddRobustness(StringBuilder text, Study study)
    {
        if (RobustnessTable.All(study).Count == 0)
            return;
        text.Append("\n## Robustness\n");
        foreach (var table in RobustnessTable.First(study).Concat(RobustnessTable.More(study)))
            text.Append($"\n{table.Caption}\n\n{Markdown.Table(table.Heads, table.Words, table.Rows)}");
    }

    private static void AddSelections(StringBuilder text, Study study)
    {
        if (study.Selections.Count == 0)
            return;
        text.Append($"\n## Selections\n\n{SelectionTable.Caption}\n\n");
        text.Append(Markdown.Table(SelectionTable.Heads, SelectionTable.Words, SelectionTable.Rows(study)));
    }

    private static void AddLabellings(StringBuilder text, Study study)
    {
        if (study.Labellings.Count == 0)
            return;
        text.Append($"\n## Labels given by functions\n\n{LabellingTable.Caption}\n\n");
        text.Append(Markdown.Table(LabellingTable.Heads, LabellingTable.Words, LabellingTable.Rows(study)));
        foreach (var one in study.Labellings)
        {
            text.Append($"\n{Markdown.Text($"{one.Step} {one.Cell}".Trim())}: {LabellingTable.FunctionCaption}\n\n");
            text.Append(
                Markdown.Table(
                    LabellingTable.FunctionHeads,
                    LabellingTable.FunctionWords,
                    LabellingTable.FunctionRows(one)
                )
            );
        }
    }

    private static void AddAssessments(StringBuilder text, Study study)
    {
        if (study.Assessments.Count == 0)
            return;
        text.Append($"\n## Labels given by synthesis\n\n{AssessmentTable.Caption}\n\n");
        text.Append(Markdown.Table(AssessmentTable.Heads, AssessmentTable.Words, AssessmentTable.Rows(study)));
    }

    private static void AddCosts(StringBuilder text, Study study)
    {
        if (study.Summaries.Count == 0)
            return;
        text.Append($"\n## Size, speed and memory\n\n{CostTable.Caption}\n\n");
        text.Append(Markdown.Table(CostTable.Heads, CostTable.Words, CostTable.Rows(study)));
    }

    private static void AddUnfinished(StringBuilder text, Study study)
    {
        if (!study.Unfinished.Any())
            return;
        text.Append("\n## Steps without a result\n\n");
        text.Append(
            Markdown.Table(
                ["step", "at", "state", "reason"],
                4,
                study.Unfinished.Select(step =>
                    (string[])
                        [
                            step.Name,
                            new MatrixCell(step.Cell).ToString(),
                            step.State.ToString().ToLowerInvariant(),
                            step.Error ?? "",
                        ]
                )
            )
        );
    }

    private static string Name(string metric) => Wording.Of(metric) + Wording.Unit(metric);
}
