using TransferPipeline.Evaluation.Metrics;

namespace TransferPipeline.Evaluation.Significance;

/// <summary>Two-sided signed-rank test; every way to give the ranks their signs is counted, so it is exact with ties too.</summary>
internal static class Wilcoxon
{
    /// <summary>Pairs without a difference are left out; 1 where none is left.</summary>
    public static double Exact(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var differences = a.Zip(b, (left, right) => left - right).Where(difference => difference != 0).ToArray();
        if (differences.Length == 0)
            return 1;

        // Mean ranks of ties end in .5, so sums are counted in halves.
        var ranks = Array.ConvertAll(Ranks.Of(Array.ConvertAll(differences, Math.Abs)), rank => (int)(2 * rank));
        var positive = ranks.Where((_, at) => differences[at] > 0).Sum();
        var total = ranks.Sum();

        var share = new double[total + 1];
        share[0] = 1;
        foreach (var rank in ranks)
            for (var sum = total; sum >= 0; sum--)
                share[sum] = (share[sum] + (sum >= rank ? share[sum - rank] : 0)) / 2;

        return Math.Min(1, 2 * share.Take(Math.Min(positive, total - positive) + 1).Sum());
    }
}
