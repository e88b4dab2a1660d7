using System.Security.Cryptography;
using System.Text;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>Writes <c>report.html</c>: one file that loads nothing, runs no script and reads like a paper's supplement.</summary>
internal sealed class HtmlReport
{
    private static readonly string Style = ReadStyle();

    private readonly Study _study;
    private readonly Curve? _curve;
    private int _tables;
    private int _figures;

    private HtmlReport(Study study) => (_study, _curve) = (study, Curve.Of(study));

    public static string Of(Study study) => new HtmlReport(study).Page().ToString();

    private Html Page() =>
        Html.Of(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{StyleHash}'; base-uri 'none'; form-action 'none'">
            <meta name="referrer" content="no-referrer">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{_study.Run.Scenario} – report</title>
            <style>{Html.Raw(Style)}</style>
            </head>
            <body>
            <main>
            {Top()}
            {Cautions()}
            {Results()}
            {RobustnessSection.Of(_study)}
            {Comparisons()}
            {AssessmentPart.Of(_study)}
            {LabellingPart.Of(_study)}
            {Details()}
            </main>
            </body>
            </html>

            """
        );

    private Html Top()
    {
        var headline = Headline.Of(_study);
        var rest = headline.Skip(1).ToArray();
        return Html.Of(
            $"""
            <header>
            <p class="kicker">Study report</p>
            <h1>{_study.Run.Scenario}</h1>
            <p class="meta">{string.Join(" · ", Facts())}</p>
            <p class="headline">{headline[0]}</p>
            {(rest.Length == 0 ? Html.Empty : Html.Of($"<ul class=\"findings\">{Html.Join(rest, Item)}</ul>"))}
            </header>

            """
        );
    }

    private IEnumerable<string> Facts()
    {
        foreach (var set in _study.Rows.Select(row => (row.Scores.Dataset, row.Scores.Split, row.Scores.N)).Distinct())
            yield return $"{set.N:N0} {set.Split} examples of {set.Dataset}";
        var models = _study.Rows.Select(row => row.Key).Distinct().Count();
        if (models > 0)
            yield return Wording.Count(models, "model");
        var seeds = _study.Rows.Select(row => row.Seed).OfType<string>().Distinct().Count();
        if (seeds > 0)
            yield return Wording.Count(seeds, "seed");
        if (_study.Run.Preset is { } preset)
            yield return $"preset {preset}";
        yield return $"run {_study.Run.Id}";
        yield return _study.Finished.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'");
    }

    private Html Cautions()
    {
        var warnings = Warnings.BesideHeadline(_study);
        var unfinished = _study.Unfinished.ToArray();
        if (warnings.Count == 0)
            return Html.Empty;
        return Html.Of(
            $"""
            <section class="cautions"><h2>Before you rely on this</h2><ul>{Html.Join(warnings, Item)}</ul>
            {(
                unfinished.Length == 0
                    ? Html.Empty
                    : Folded("Steps without a result", RecordTables.Unfinished(unfinished), open: unfinished.Length < 6)
            )}</section>

            """
        );
    }

    private Html Results()
    {
        if (_study.Summaries.Count == 0)
            return Html.Empty;
        var metric = Wording.Of(_study.Metric);
        var chart = _curve is null ? null : new CurveChart(_curve);
        return Html.Of(
            $"""
            <section><h2>Results</h2>
            {(chart is null ? Html.Empty : Html.Of($"<figure>{chart.Legend()}<div class=\"wide\">{chart.Draw()}</div>{Figure(
                $"{Upper(metric)} over {Wording.Of(_curve!.Axis)}: means over seeds, the bands their 95 % Student-t intervals (none for a single seed)."
            )}</figure>"))}
            {(_curve is null
                ? Html.Of($"{Table($"Mean ± standard deviation over seeds. No best model is marked: choosing on the split that scores would flatter it.")}{Tables.Summaries(_study.Summaries, MainMetrics())}")
                : Html.Of($"{Table($"{Upper(metric)}{(Wording.IsShare(_study.Metric) ? " in %" : "")}, mean ± standard deviation over seeds. No best model is marked: choosing on the split that scores would flatter it.")}{Tables.Pivot(_curve)}"))}
            </section>

            """
        );
    }

    private Html Comparisons() =>
        _study.Comparisons.Count == 0
            ? Html.Empty
            : Html.Of(
                $"""
                <section><h2>Comparisons</h2>
                {Table(
                    "Paired differences on the same rows. Over several seeds: their mean, its Student-t interval and the paired t-test; "
                        + $"within one seed: McNemar's exact test. p is corrected for all {_study.Comparisons.Count(one => one.P is not null)} tests of this report (Holm). "
                        + "A difference counts as shown where p < 0.05 over the seeds, or within every single seed, all in one direction."
                )}
                {new DifferenceTable(_study).Draw()}
                {Folded("McNemar's test within each seed", SeedTests.Of(_study.Comparisons))}
                </section>

                """
            );

    private Html Details()
    {
        var seen = _study.Summaries.Where(summary => summary.Rows.Any(row => row.Scores.Seen > 0)).ToArray();
        return Html.Of(
            $"""
            <section><h2>Details</h2>
            <h3>Texts read before</h3>
            {(_study.Rows.Count == 0 ? Html.Empty
                : seen.Length == 0 ? Html.Of($"<p>No scored text occurs in anything that a scored model, or a model it started from, was trained on.</p>")
                : Tables.Seen(seen, _study.Metric))}
            {(StepNotes.Of(_study) is { Count: > 0 } notes ? Html.Of($"<h3>Notes of the steps</h3><ul>{Html.Join(notes, Item)}</ul>") : Html.Empty)}
            {Folded("All metrics", Tables.Summaries(_study.Summaries, AllMetrics()))}
            {Folded("Each model and seed", Tables.Rows(_study))}
            {(_study.Selections.Count == 0 ? Html.Empty : Folded("Selections", RecordTables.Plain(SelectionTable.Caption, SelectionTable.Heads, SelectionTable.Words, SelectionTable.Rows(_study))))}
            {Folded("Size, speed and memory", RecordTables.Plain(CostTable.Caption, CostTable.Heads, CostTable.Words, CostTable.Rows(_study)))}
            {Folded("Confusion matrices and figures of each class", Html.Join(_study.Summaries, ClassTables.Of))}
            {Folded("Lineage", RecordTables.Lineage(_study.Steps))}
            {Folded("Machine and libraries", RecordTables.Environment(_study.Environment))}
            {Folded("Scenario", Html.Of($"<pre>{_study.Run.Source}</pre>{(_study.Run.Overrides.Count == 0 ? Html.Empty : Html.Of($"<p>Overridden: {string.Join(", ", _study.Run.Overrides)}</p>"))}"))}
            </section>

            """
        );
    }

    private string[] MainMetrics() => [.. AllMetrics().Where(Wording.IsMain)];

    private string[] AllMetrics() => [.. _study.Summaries.SelectMany(summary => summary.Metrics).Distinct()];

    private Html Figure(string caption) => Html.Of($"<figcaption><b>Figure {++_figures}.</b> {caption}</figcaption>");

    private Html Table(string caption) => Html.Of($"<p class=\"caption\"><b>Table {++_tables}.</b> {caption}</p>");

    private static Html Item(string text) => Html.Of($"<li>{text}</li>");

    private static Html Folded(string title, Html content, bool open = false) =>
        Html.Of($"<details{(open ? Html.Raw(" open") : Html.Empty)}><summary>{title}</summary>{content}</details>\n");

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string StyleHash => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    private static string ReadStyle()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
