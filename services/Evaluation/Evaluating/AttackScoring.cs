using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Turns the logs of attacks into figures, counted as TextAttack counts them.</summary>
internal static class AttackScoring
{
    private const int MostSamples = 12;
    private static readonly int[] Queries = [10, 25, 50, 100, 200, 400, 800, 1600, 3200];
    private static readonly double[] Shares = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5];

    /// <summary>One attack's figures.</summary>
    public static AttackScores Of(AttackSummary summary, IReadOnlyList<AttackedText> log, EvaluationSpec spec)
    {
        AttackedText[] ended = [.. log.Where(one => one.Outcome is not AttackOutcome.Unfinished)];
        AttackedText[] attacked = [.. ended.Where(one => one.Outcome is not AttackOutcome.Skipped)];
        AttackedText[] broken = [.. attacked.Where(Broken)];
        AttackedText[] endless = [.. attacked.Where(one => one.Outcome is AttackOutcome.Maximized)];
        return new AttackScores(
            summary.Recipe,
            summary.Seed,
            summary.Budget,
            ended.Length,
            ended.Length - attacked.Length,
            attacked.Length - broken.Length,
            broken.Length,
            log.Count - ended.Length,
            Share(attacked.Length, ended.Length) ?? new(0),
            Share(attacked.Length - broken.Length, ended.Length) ?? new(0),
            Share(broken.Length, attacked.Length),
            Mean([.. broken.Where(one => one is { Words: > 0, WordsChanged: > 0 }).Select(ShareChanged)], spec),
            Mean([.. attacked.Select(one => (double)one.Queries)], spec),
            log.Sum(one => (long)one.Forwards),
            Curve(Queries.Select(most => (double)most), most => broken.Count(one => one.Queries <= most)),
            Curve(Shares, most => broken.Count(one => ShareChanged(one) <= most)),
            [.. Spread(broken)],
            summary.Log
        )
        {
            Noise = summary.Noise,
            WordsBefore = Mean([.. endless.Select(one => (double)one.Words)], spec),
            WordsLeft = Mean([.. endless.Select(one => (double)one.WordsLeft)], spec),
        };

        IReadOnlyList<CurvePoint> Curve(IEnumerable<double> places, Func<double, int> brokenAt) =>
            ended.Length == 0
                ? []
                : [.. places.Select(at => new CurvePoint(at, Share(attacked.Length - brokenAt(at), ended.Length)!))];
    }

    /// <summary>
    /// The figures of a model's row: of its one attack, or of several the worst case, in which an example stands only where it
    /// stands against all of them. Attacks that are not meant to fool a model have no part in it, and noise has a figure of its own.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, MetricValue>> Metrics(
        IReadOnlyList<AttackScores> attacks,
        IReadOnlyList<IReadOnlyList<AttackedText>> logs
    )
    {
        foreach (
            var (accuracy, rate, searches) in new[]
            {
                ("accuracyUnderAttack", "attackSuccessRate", true),
                ("accuracyUnderNoise", null, false),
            }
        )
        {
            int[] some =
            [
                .. Enumerable
                    .Range(0, attacks.Count)
                    .Where(at => attacks[at].Fools && attacks[at].Searches == searches),
            ];
            if (some.Length == 0)
                continue;
            var worst = WorstCase([.. some.Select(at => logs[at])]);
            if (Share(worst.Standing, worst.N) is { } standing)
                yield return new(accuracy, standing);
            if (rate is not null && Share(worst.Right - worst.Standing, worst.Right) is { } broken)
                yield return new(rate, broken);
        }
        if (attacks.Where(attack => attack.Searches).ToList() is not [var only])
            yield break;
        if (only.WordsChanged is { } changed)
            yield return new("wordsChanged", changed);
        if (only.Queries is { } queries)
            yield return new("queries", queries);
    }

    /// <summary>Over the examples whose attacks have all ended: how many the model is right about, and how many stand.</summary>
    private static (int N, int Right, int Standing) WorstCase(IReadOnlyList<IReadOnlyList<AttackedText>> logs)
    {
        var examples = logs.SelectMany(log => log)
            .GroupBy(one => one.Id)
            .Where(all => all.Count() == logs.Count && all.All(one => one.Outcome is not AttackOutcome.Unfinished))
            .ToList();
        var right = examples.Where(all => all.All(one => one.Outcome is not AttackOutcome.Skipped)).ToList();
        return (examples.Count, right.Count, right.Count(all => !all.Any(Broken)));
    }

    private static bool Broken(AttackedText one) => one.Outcome is AttackOutcome.Successful or AttackOutcome.Maximized;

    private static double ShareChanged(AttackedText one) => (double)one.WordsChanged / Math.Max(1, one.Words);

    private static IEnumerable<AttackedText> Spread(AttackedText[] broken)
    {
        var count = Math.Min(MostSamples, broken.Length);
        return Enumerable.Range(0, count).Select(at => broken[(int)((long)at * broken.Length / count)]);
    }

    /// <summary>With its Wilson interval; null of none.</summary>
    internal static MetricValue? Share(int some, int all)
    {
        if (all == 0)
            return null;
        var interval = Wilson.Of(some, all);
        return new((double)some / all, interval.Low, interval.High);
    }

    /// <summary>With its bootstrap interval; null of none.</summary>
    internal static MetricValue? Mean(double[] values, EvaluationSpec spec)
    {
        if (values.Length == 0)
            return null;
        var means = Bootstrap
            .Draws(values.Length, spec.Resamples, spec.Seed)
            .Select(counts => values.Zip(counts, (value, count) => value * count).Sum() / values.Length)
            .ToList();
        var interval = Bootstrap.Percentiles(means);
        return new(values.Average(), interval?.Low, interval?.High);
    }
}
