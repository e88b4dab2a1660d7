using TransferPipeline.Contracts;
using TransferPipeline.Evaluation.Evaluating;

namespace TransferPipeline.Evaluation.Comparing;

/// <summary>A model against all attacks on it together: an example stands only where it stands against each.</summary>
/// <param name="Attacks">How many there are.</param>
/// <param name="N">Examples whose attacks have all ended.</param>
internal sealed record WorstCase(
    string Step,
    string? Seed,
    int Attacks,
    int N,
    MetricValue OriginalAccuracy,
    MetricValue AccuracyUnderAttack
);

/// <summary>A model against one attack, on the examples alone that all models under the same attack get right at first.</summary>
internal sealed record OnSharedExamples(
    string Step,
    MatrixCell Cell,
    string Recipe,
    int N,
    MetricValue? AccuracyUnderAttack
);

/// <summary>What several attacks say together, from their logs.</summary>
internal sealed record JointAttacks(IReadOnlyList<WorstCase> Worst, IReadOnlyList<OnSharedExamples> Shared)
{
    /// <param name="file">Where a log lies; null where it is there no more.</param>
    public static JointAttacks Of(IReadOnlyList<ScoredModel> rows, Func<string, string?> file)
    {
        var read = new Dictionary<string, IReadOnlyDictionary<string, AttackOutcome>?>();
        Attack[] attacks =
        [
            .. rows.SelectMany(row =>
                    (row.Scores.Attacks ?? []).Where(scores => scores.Fools).Select(scores => (row, scores))
                )
                .Select(one => Known(one.scores.Log) is { } ends ? new Attack(one.row, one.scores, ends) : null)
                .OfType<Attack>(),
        ];
        return new([.. WorstCases(attacks)], [.. OnShared(attacks)]);

        IReadOnlyDictionary<string, AttackOutcome>? Known(string log)
        {
            if (!read.TryGetValue(log, out var known))
                read[log] = known = file(log) is { } path
                    ? WireFormat
                        .ReadLines<AttackedText>(path)
                        .Where(one => one.Outcome is not AttackOutcome.Unfinished)
                        .ToDictionary(one => one.Id, one => one.Outcome)
                    : null;
            return known;
        }
    }

    private static IEnumerable<WorstCase> WorstCases(IEnumerable<Attack> attacks)
    {
        // One model stands in as many rows as there are cells that score it.
        var models = attacks
            .Where(attack => attack.Scores.Searches)
            .GroupBy(attack => (attack.Row.Step, attack.Row.Key, attack.Row.Scores.Scored.Id))
            .ToList();
        foreach (var model in models)
        {
            var all = model
                .DistinctBy(attack =>
                    (attack.Scores.Recipe, attack.Scores.Seed, attack.Scores.Budget, attack.Scores.Log)
                )
                .ToList();
            var ended = Common(all).ToList();
            if (all.Count < 2 || ended.Count == 0)
                continue;
            var right = ended.Where(id => all.All(attack => attack.IsRight(id))).ToList();
            var standing = right.Count(id => all.All(attack => attack.Stands(id)));
            yield return new(
                model.Key.Step,
                models.Count(other => other.Key.Step == model.Key.Step) > 1 ? all[0].Row.Seed : null,
                all.Count,
                ended.Count,
                AttackScoring.Share(right.Count, ended.Count)!,
                AttackScoring.Share(standing, ended.Count)!
            );
        }
    }

    private static IEnumerable<OnSharedExamples> OnShared(IEnumerable<Attack> attacks)
    {
        var alike = attacks.GroupBy(one =>
            (one.Scores.Recipe, one.Scores.Seed, one.Scores.Budget, one.Row.Scores.Scored.Id)
        );
        foreach (var same in alike)
        {
            var all = same.DistinctBy(attack => (attack.Row.Step, attack.Scores.Log)).ToList();
            if (all.Count < 2)
                continue;
            var right = Common(all).Where(id => all.All(attack => attack.IsRight(id))).ToList();
            foreach (var attack in all)
                yield return new(
                    attack.Row.Step,
                    attack.Row.Cell,
                    same.Key.Recipe,
                    right.Count,
                    AttackScoring.Share(right.Count(attack.Stands), right.Count)
                );
        }
    }

    /// <summary>Examples that ended under each of some attacks.</summary>
    private static IEnumerable<string> Common(List<Attack> attacks) =>
        attacks[0].Ends.Keys.Where(id => attacks.All(attack => attack.Ends.ContainsKey(id)));

    private sealed record Attack(ScoredModel Row, AttackScores Scores, IReadOnlyDictionary<string, AttackOutcome> Ends)
    {
        public bool IsRight(string id) => Ends[id] is not AttackOutcome.Skipped;

        public bool Stands(string id) => Ends[id] is AttackOutcome.Failed;
    }
}
