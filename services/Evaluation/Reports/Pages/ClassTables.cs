using TransferPipeline.Evaluation.Comparing;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>Confusion matrices, summed over the seeds, with the figures of each class beside them.</summary>
internal static class ClassTables
{
    private const int Shades = 10;

    public static Html Of(Summary summary)
    {
        var labels = summary.Rows[0].Scores.Labels;
        if (labels.Count == 0 || summary.Rows.Any(row => !row.Scores.Labels.SequenceEqual(labels)))
            return Html.Empty;
        if (summary.Rows.Any(row => row.Scores.Confusion.Count == 0))
            return WithoutCounts(summary, labels);

        var counts = Enumerable
            .Range(0, labels.Count)
            .Select(truth =>
                Enumerable
                    .Range(0, labels.Count)
                    .Select(guess => summary.Rows.Sum(row => row.Scores.Confusion[truth][guess]))
                    .ToArray()
            )
            .ToArray();
        return Html.Of(
            $"""
            <figure class="classes"><figcaption>{Name(summary)}</figcaption><div class="wide"><table class="confusion">
            <thead><tr><th>true ↓ predicted →</th>{Html.Join(
                labels,
                label => Html.Of($"<th class=\"n\">{label}</th>")
            )}<th class="n gap">precision</th><th class="n">recall</th><th class="n">F1</th></tr></thead>
            <tbody>{Html.Join(Enumerable.Range(0, labels.Count), label => Row(label, labels[label], counts, summary))}</tbody>
            </table></div></figure>

            """
        );
    }

    /// <summary>Types of entities have figures, but no matrix: an entity that is missed is taken for nothing else.</summary>
    private static Html WithoutCounts(Summary summary, IReadOnlyList<string> labels) =>
        Html.Of(
            $"""
            <figure class="classes"><figcaption>{Name(summary)}</figcaption><div class="wide"><table>
            <thead><tr><th>type</th><th class="n">precision</th><th class="n">recall</th><th class="n">F1</th><th class="n">true entities</th></tr></thead>
            <tbody>{Html.Join(
                Enumerable.Range(0, labels.Count),
                label => Html.Of(
                    $"<tr><th scope=\"row\">{labels[label]}</th><td class=\"n\">{Mean(summary, label, one => one.Precision)}</td><td class=\"n\">{Mean(summary, label, one => one.Recall)}</td><td class=\"n\">{Mean(summary, label, one => one.F1)}</td><td class=\"n\">{summary.Rows[0].Scores.Classes[label].Support}</td></tr>"
                )
            )}</tbody>
            </table></div></figure>

            """
        );

    private static string Name(Summary summary) =>
        summary.Cell.Values.Count == 0 ? summary.Step : $"{summary.Step}, {summary.Cell}";

    private static Html Row(int label, string name, int[][] counts, Summary summary)
    {
        var total = Math.Max(1, counts[label].Sum());
        return Html.Of(
            $"""
            <tr><th scope="row">{name}</th>{Html.Join(
                counts[label],
                count => Html.Of($"<td class=\"n h{Math.Round((double)count * Shades / total)}\">{count}</td>")
            )}<td class="n gap">{Mean(summary, label, one => one.Precision)}</td><td class="n">{Mean(
                summary,
                label,
                one => one.Recall
            )}</td><td class="n">{Mean(summary, label, one => one.F1)}</td></tr>

            """
        );
    }

    private static string Mean(Summary summary, int label, Func<Contracts.ClassScores, double> figure) =>
        Wording.Number(summary.Rows.Average(row => figure(row.Scores.Classes[label])), 3);
}
