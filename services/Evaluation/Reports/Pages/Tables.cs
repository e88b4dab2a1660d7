using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>The tables of figures.</summary>
internal static class Tables
{
    /// <summary>Series by axis values, mean and deviation in each field.</summary>
    public static Html Pivot(Curve curve) =>
        Html.Of(
            $"""
            <div class="wide"><table>
            <thead><tr><th>{Wording.Of(curve.Axis)}</th>{Html.Join(
                curve.Values,
                value => Html.Of($"<th class=\"n\">{value}</th>")
            )}</tr></thead>
            <tbody>{Html.Join(curve.Lines, line => PivotRow(curve, line))}</tbody>
            </table></div>

            """
        );

    /// <summary>A row for each summary with all of its metrics.</summary>
    public static Html Summaries(IReadOnlyList<Summary> summaries, IReadOnlyList<string> metrics)
    {
        string[] keys = [.. summaries.SelectMany(summary => summary.Cell.Values.Select(pair => pair.Key)).Distinct()];
        return Html.Of(
            $"""
            <div class="wide"><table>
            <thead><tr><th>step</th><th>model</th><th>strategy</th>{Html.Join(
                keys,
                key => Html.Of($"<th>{Wording.Of(key)}</th>")
            )}<th>split</th><th class="n">seeds</th>{Html.Join(
                metrics,
                metric => Html.Of($"<th class=\"n\">{Wording.Of(metric)}{Wording.Unit(metric)}</th>")
            )}</tr></thead>
            <tbody>{Html.Join(
                summaries,
                summary => Html.Of(
                    $"""
                    <tr><th scope="row">{summary.Step}</th><td>{summary.Model}</td><td>{summary.Strategy}</td>{Html.Join(
                        keys,
                        key => Html.Of($"<td>{summary.Cell[key]}</td>")
                    )}<td>{summary.Split}</td><td class="n">{summary.Rows.Count}</td>{Html.Join(
                        metrics,
                        metric => Html.Of($"<td class=\"n\">{MeanAndDeviation(metric, summary.Of(metric))}</td>")
                    )}</tr>

                    """
                )
            )}</tbody>
            </table></div>

            """
        );
    }

    /// <summary>One line per model and seed, with its bootstrap interval and its budget.</summary>
    public static Html Rows(Study study) =>
        Html.Of(
            $"""
            <div class="wide"><table>
            <thead><tr><th>step</th><th>at</th><th>seed</th><th class="n">{Wording.Of(study.Metric)}{Wording.Unit(
                study.Metric
            )}</th><th class="n">95 % interval</th><th class="n">rows</th><th class="n">labels, train</th><th class="n">labels, dev</th><th>selected on</th><th class="n">updates</th><th class="n">seconds</th></tr></thead>
            <tbody>{Html.Join(study.Rows, row => Row(row, study.Metric))}</tbody>
            </table></div>

            """
        );

    /// <summary>Figures with and without the test texts that the models had read.</summary>
    public static Html Seen(IEnumerable<Summary> summaries, string metric) =>
        Html.Of(
            $"""
            <div class="wide"><table>
            <thead><tr><th>step</th><th>at</th><th class="n">texts read before</th><th class="n">{Wording.Of(
                metric
            )}{Wording.Unit(metric)}</th><th class="n">without them</th></tr></thead>
            <tbody>{Html.Join(
                summaries,
                summary => Html.Of(
                    $"""
                    <tr><th scope="row">{summary.Step}</th><td>{summary.Cell.ToString()}</td><td class="n">{Span(
                        summary.Rows.Select(row => row.Scores.Seen)
                    )} of {summary.Rows[0].Scores.N}</td><td class="n">{Mean(
                        metric,
                        summary.Rows.Select(row => row.Value(metric))
                    )}</td><td class="n">{Mean(
                        metric,
                        summary.Rows.Select(row => row.Scores.MetricsUnseen.GetValueOrDefault(metric)?.Value)
                    )}</td></tr>

                    """
                )
            )}</tbody>
            </table></div>

            """
        );

    /// <summary><c>63.5 ± 4.5</c>; a single value stands alone.</summary>
    public static string MeanAndDeviation(string metric, Sample? sample) =>
        sample is null ? "–"
        : sample.Deviation is { } deviation
            ? $"{Wording.Figure(metric, sample.Mean)} ± {Wording.Figure(metric, deviation)}"
        : Wording.Figure(metric, sample.Mean);

    private static Html PivotRow(Curve curve, CurveLine line) =>
        Html.Of(
            $"""
            <tr><th scope="row">{line.Name}</th>{Html.Join(
                Enumerable.Range(0, curve.Values.Count),
                place => Html.Of(
                    $"<td class=\"n\">{Field(curve.Metric, line.Points.FirstOrDefault(point => point.Place == place))}</td>"
                )
            )}</tr>

            """
        );

    private static Html Field(string metric, CurvePoint? point) =>
        point is null ? Html.Of($"–")
        : point.Sample.Deviation is { } deviation
            ? Html.Of(
                $"""{Wording.Figure(metric, point.Sample.Mean)} <span class="sd">± {Wording.Figure(metric, deviation)}</span>"""
            )
        : Html.Of($"""{Wording.Figure(metric, point.Sample.Mean)} <span class="sd"></span>""");

    private static Html Row(ScoredModel row, string metric)
    {
        var value = row.Scores.Metrics.GetValueOrDefault(metric);
        var interval = value is { Low: { } low, High: { } high }
            ? $"{Wording.Figure(metric, low)} to {Wording.Figure(metric, high)}"
            : "–";
        return Html.Of(
            $"""
            <tr><th scope="row">{row.Step}</th><td>{row.Cell.WithoutSeed.ToString()}</td><td>{row.Seed ?? "–"}</td><td class="n">{(value
                is null
                ? "–"
                : Wording.Figure(metric, value.Value))}</td><td class="n">{interval}</td><td class="n">{row.Scores
                .N}</td><td class="n">{row.Scores.LabelsTrain}</td><td class="n">{row.Scores
                .LabelsDev}</td><td>{row.Scores.SelectedOn}</td><td class="n">{row.Scores
                .Updates}</td><td class="n">{Wording.Number(row.Scores.Seconds, 1)}</td></tr>

            """
        );
    }

    private static string Span(IEnumerable<int> counts)
    {
        var sorted = counts.Distinct().Order().ToArray();
        return sorted.Length == 1 ? $"{sorted[0]}" : $"{sorted[0]} to {sorted[^1]}";
    }

    private static string Mean(string metric, IEnumerable<double?> values)
    {
        var known = values.OfType<double>().ToArray();
        return known.Length == 0 ? "–" : Wording.Figure(metric, known.Average());
    }
}
