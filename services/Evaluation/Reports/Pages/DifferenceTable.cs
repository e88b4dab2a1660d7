using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>The differences between the first step and the others, each with its interval drawn beside it.</summary>
internal sealed class DifferenceTable
{
    private const double Width = 160;
    private const double Middle = 11;

    private readonly Study _study;
    private readonly IReadOnlyList<Finding> _findings;
    private readonly Scale _scale;
    private readonly double _factor;

    public DifferenceTable(Study study)
    {
        _study = study;
        _findings = Finding.Of(study.Comparisons);
        _factor = Wording.IsShare(_findings[0].Metric) ? 100 : 1;
        // Intervals of two seeds are enormous; they may run out of the drawing, the differences may not.
        double[] differences = [0, .. _findings.Select(finding => finding.Difference)];
        var room = Math.Max(0.02, (differences.Max() - differences.Min()) * 0.25);
        double[] ends =
        [
            .. _findings
                .Select(finding => finding.Interval)
                .OfType<Interval>()
                .SelectMany(one => new[] { one.Low, one.High }),
        ];
        var low = Math.Max(differences.Min() - room, Math.Min(differences.Min() - 0.01, ends.Append(0).Min()));
        var high = Math.Min(differences.Max() + room, Math.Max(differences.Max() + 0.01, ends.Append(0).Max()));
        _scale = new Scale(low * _factor, high * _factor, 6, Width - 6);
    }

    public Html Draw()
    {
        var unit = _factor > 1 ? ", points" : "";
        return Html.Of(
            $"""
            <div class="wide"><table class="differences">
            <thead><tr><th>{_findings[
                0
            ].A} against</th><th>at</th><th class="n">difference in {Wording.Of(_findings[0].Metric)}{unit}</th><th class="plot">{Axis()}</th><th class="n">95 % interval</th><th class="n">p, Holm</th><th class="n">p &lt; 0.05 within</th><th>verdict</th></tr></thead>
            {Html.Join(_findings.GroupBy(finding => finding.B), Group)}
            </table></div>

            """
        );
    }

    private Html Group(IGrouping<string, Finding> group) =>
        Html.Of($"<tbody>{Html.Join(group.Index(), finding => Row(finding.Item, finding.Index == 0))}</tbody>\n");

    private Html Row(Finding finding, bool first)
    {
        var metric = finding.Metric;
        var interval = finding.Interval is { } known
            ? $"{Wording.Signed(metric, known.Low)} to {Wording.Signed(metric, known.High)}"
            : "–";
        var shown = finding.Verdict is not Verdict.NotShown;
        return Html.Of(
            $"""
            <tr class="{(shown ? "shown" : "open")}"><th scope="row">{(first ? finding.B : "")}</th><td>{Place(
                finding.Cell
            )}</td><td class="n">{Wording.Signed(metric, finding.Difference)}</td><td class="plot">{Plot(
                finding
            )}</td><td class="n">{interval}</td><td class="n">{(finding.Leading.Holm is { } p
                ? Wording.P(p)
                : "–")}</td><td class="n">{finding.WithinSeeds.Count(test => test.Significant)} of {Wording.Count(finding.WithinSeeds.Count, "seed")}</td><td class="verdict">{VerdictWord(finding)}</td></tr>

            """
        );
    }

    private string Place(MatrixCell cell) =>
        _study.Axis is { } axis && cell[axis] is { } value && cell.Values.Count == 1 ? value : cell.ToString();

    private static string VerdictWord(Finding finding) =>
        finding.Verdict switch
        {
            Verdict.Higher => "higher",
            Verdict.Lower => "lower",
            _ => "not shown",
        };

    private double X(double difference) => _scale.Inside(difference * _factor);

    private Html Axis() =>
        Html.Of(
            $"""
            <svg width="{Width}" height="14" aria-hidden="true"><g class="ticks">{Html.Join(
                _scale.Ticks,
                tick => Html.Of(
                    $"""<text x="{_scale.At(tick)}" y="11" text-anchor="middle">{Wording.Number(tick, _scale.Decimals)}</text>"""
                )
            )}</g></svg>
            """
        );

    private Html Plot(Finding finding)
    {
        var line = finding.Interval is { } interval
            ? Html.Of($"""<path class="whisker" d="M{X(interval.Low)} {Middle}H{X(interval.High)}"/>""")
            : Html.Empty;
        return Html.Of(
            $"""
            <svg width="{Width}" height="{2 * Middle}" aria-hidden="true"><path class="zero" d="M{X(0)} 0V{2
                * Middle}"/>{line}<circle class="dot" cx="{X(finding.Difference)}" cy="{Middle}" r="4"/></svg>
            """
        );
    }
}
