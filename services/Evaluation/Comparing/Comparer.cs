using TransferPipeline.Contracts;
using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Comparing;

/// <summary>Compares the first of some steps with each of the others.</summary>
/// <param name="right">Which rows a model got right.</param>
/// <param name="metric">What is compared across seeds.</param>
internal sealed class Comparer(Func<ModelScores, bool[]> right, string metric)
{
    /// <summary>All tests, within each seed and across them, their p values corrected together.</summary>
    public IReadOnlyList<Comparison> Compare(IReadOnlyList<ScoredModel> rows, IReadOnlyList<string> steps)
    {
        Comparison[] found = [.. steps.Skip(1).SelectMany(other => Between(rows, steps[0], other))];
        int[] tested = [.. Enumerable.Range(0, found.Length).Where(index => found[index].P is not null)];
        var corrected = Adjusting.Holm(Array.ConvertAll(tested, index => found[index].P!.Value));
        foreach (var (index, p) in tested.Zip(corrected))
            found[index] = found[index] with { Holm = p };
        return found;
    }

    private IEnumerable<Comparison> Between(IReadOnlyList<ScoredModel> rows, string first, string second)
    {
        var pairs =
            from a in rows
            where a.Step == first
            from b in rows
            where b.Step == second && a.Cell.Meets(b.Cell) && a.Scores.Scored.Id == b.Scores.Scored.Id
            select new Pair(a, b);
        foreach (var group in pairs.GroupBy(pair => (pair.Cell.WithoutSeed, pair.A.ScoredBy, pair.B.ScoredBy)))
        {
            // What no seed reaches is one result, although each seed lists it.
            Pair[] distinct = [.. group.DistinctBy(pair => (pair.A.Key, pair.B.Key))];
            foreach (var pair in distinct.Where(pair => Counted(pair.A.Scores) is not null))
                yield return WithinSeed(pair);
            if (AcrossSeeds(distinct) is { } across)
                yield return across;
        }
    }

    /// <summary>The metric that counts rows as right or wrong; null where there is none.</summary>
    private static string? Counted(ModelScores scores) =>
        scores.Confusion.Count > 0 ? "accuracy"
        : scores.Metrics.ContainsKey("exactMatch") ? "exactMatch"
        : null;

    private Comparison WithinSeed(Pair pair)
    {
        var a = right(pair.A.Scores);
        var b = right(pair.B.Scores);
        var onlyA = a.Zip(b).Count(row => row.First && !row.Second);
        var onlyB = a.Zip(b).Count(row => row.Second && !row.First);
        return pair.Finding(Comparison.WithinSeed, Counted(pair.A.Scores)!) with
        {
            Seed = pair.Cell.Seed ?? pair.A.Seed,
            Difference = (double)(onlyA - onlyB) / a.Length,
            P = McNemar.Exact(onlyA, onlyB),
        };
    }

    private Comparison? AcrossSeeds(Pair[] pairs)
    {
        double[] differences = [.. pairs.Select(pair => pair.A.Value(metric) - pair.B.Value(metric)).OfType<double>()];
        if (differences.Length < 2)
            return null;

        var sample = new Sample(differences);
        var p = TTests.OneSample(differences);
        return pairs[0].Finding(Comparison.AcrossSeeds, metric) with
        {
            Difference = sample.Mean,
            // Without any spread nothing is known of it; the test says nothing then, except where there is no difference either.
            Interval = double.IsFinite(p) ? sample.Interval : null,
            P =
                double.IsFinite(p) ? p
                : sample.Mean == 0 ? 1
                : null,
            Seeds = differences.Length,
        };
    }

    private sealed record Pair(ScoredModel A, ScoredModel B)
    {
        public MatrixCell Cell { get; } = A.Cell.And(B.Cell);

        public Comparison Finding(string test, string metric) =>
            new(A.Step, B.Step, Cell.WithoutSeed, Seed: null, test, metric, 0, Interval: null, P: null, Seeds: 1);
    }
}
