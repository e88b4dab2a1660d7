using TransferPipeline.Evaluation.Comparing;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>What was found, in plain words: one sentence for each step that the first one is compared with.</summary>
internal static class Headline
{
    public static IReadOnlyList<string> Of(Study study)
    {
        if (study.Rows.Count == 0)
            return ["No model was scored: the list of unfinished steps says why."];

        var findings = Finding.Of(study.Comparisons);
        return findings.Count == 0
            ? [WithoutComparison(study)]
            : [.. findings.GroupBy(finding => finding.B).Select(group => Sentence([.. group], study))];
    }

    private static string WithoutComparison(Study study)
    {
        var models = study.Rows.Select(row => row.Key).Distinct().Count();
        var sets = study.Rows.Select(row => $"{row.Scores.N} {row.Scores.Split} examples of {row.Scores.Dataset}");
        return $"{Wording.Count(models, "model")} scored on {Wording.List([.. sets.Distinct()])}; "
            + "no two of them are compared, so no difference between them is claimed.";
    }

    private static string Sentence(Finding[] findings, Study study)
    {
        var (a, b) = (findings[0].A, findings[0].B);
        var clauses = new List<string>();
        AddShown(Verdict.Higher, "higher");
        AddShown(Verdict.Lower, "lower");

        var open = findings.Where(finding => finding.Verdict == Verdict.NotShown).ToArray();
        if (open.Length > 0)
        {
            var subject = clauses.Count == 0 ? $"No gain of {a} over {b} could be shown" : "no gain could be shown";
            clauses.Add($"{subject}{Places(open)} ({Doubt(open)})");
        }
        return string.Join("; ", clauses) + ".";

        void AddShown(Verdict verdict, string word)
        {
            var shown = findings.Where(finding => finding.Verdict == verdict).ToArray();
            if (shown.Length == 0)
                return;
            var subject = clauses.Count == 0 ? $"{a} scored {word} than {b}" : word;
            clauses.Add($"{subject}{Places(shown)}, by {Range(shown)} of {Wording.Of(shown[0].Metric)}");
        }

        string Places(Finding[] at) => Place.Of([.. at.Select(finding => finding.Cell)], study.Axis);
    }

    private static string Range(Finding[] shown)
    {
        var metric = shown[0].Metric;
        var sizes = shown.Select(finding => Math.Abs(finding.Difference)).Order().ToArray();
        var low = Wording.Figure(metric, sizes[0]);
        var high = Wording.Figure(metric, sizes[^1]);
        var unit = Wording.IsShare(metric) ? " points" : "";
        return low == high ? low + unit : $"{low} to {high}{unit}";
    }

    // One place is told in full; several by the span of their p values, with all of it in the table of comparisons.
    private static string Doubt(Finding[] open)
    {
        if (open.Length == 1)
            return Doubt(open[0]);
        var p = open.Select(finding => finding.Leading.Holm).OfType<double>().Order().ToArray();
        if (p.Length == 0)
            return "no spread to test";
        var (low, high) = (Wording.P(p[0]), Wording.P(p[^1]));
        return low == high ? Equation(p[0]) : $"p from {low} to {high}";
    }

    private static string Doubt(Finding finding)
    {
        var size = $"{Wording.Difference(finding.Metric, finding.Difference)} of {Wording.Of(finding.Metric)}";
        if (finding.Interval is { } interval)
            size +=
                $", 95 % interval {Wording.Signed(finding.Metric, interval.Low)} to "
                + Wording.Signed(finding.Metric, interval.High);
        return finding.Leading.Holm is { } p ? $"{size}, {Equation(p)}" : size;
    }

    private static string Equation(double p) => p < 0.001 ? $"p {Wording.P(p)}" : $"p = {Wording.P(p)}";
}
