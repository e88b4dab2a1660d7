using TransferPipeline.Augmentation.Labelling.Votes;

namespace TransferPipeline.Augmentation.Labelling.Models;

/// <summary>
/// Votes weighted by what their file says, or by the log-odds that a function is right, measured by how often it agrees with
/// the majority of the others. A weight is never below <see cref="Least"/>, so that a lone vote still counts.
/// </summary>
internal sealed class WeightedVote : ILabelModel
{
    private const double Least = 0.05;

    public string Name => "weighted";

    public LearnedLabels Fit(VotePatterns votes, LabelModelSettings settings, CancellationToken stop = default)
    {
        var accuracies = Agreements(votes);
        double[] weights =
        [
            .. accuracies.Select(
                (accuracy, function) => settings.Weights[function] ?? LogOdds(accuracy ?? 0.5, votes.Labels)
            ),
        ];
        return VoteShares.Of(votes, weights, settings.Balance) with { Accuracies = accuracies };
    }

    private static double LogOdds(double accuracy, int labels) =>
        Math.Max(Least, Math.Log(accuracy * (labels - 1) / (1 - accuracy)));

    /// <summary>Null where no majority of others stands beside any vote of a function.</summary>
    private static double?[] Agreements(VotePatterns votes)
    {
        var (agreed, beside) = (new double[votes.Functions], new double[votes.Functions]);
        Span<int> tally = stackalloc int[votes.Labels];
        for (var pattern = 0; pattern < votes.Count; pattern++)
        {
            var row = votes[pattern];
            tally.Clear();
            foreach (var vote in row)
                if (vote != VoteTable.Abstains)
                    tally[vote]++;
            for (var function = 0; function < row.Length; function++)
            {
                var own = row[function];
                if (own == VoteTable.Abstains)
                    continue;
                tally[own]--;
                if (Majority(tally) is { } majority)
                {
                    beside[function] += votes.Weight(pattern);
                    agreed[function] += majority == own ? votes.Weight(pattern) : 0;
                }
                tally[own]++;
            }
        }
        // Laplace's rule keeps the odds finite.
        return
        [
            .. agreed.Select(
                (count, function) => beside[function] == 0 ? (double?)null : (count + 1) / (beside[function] + 2)
            ),
        ];
    }

    /// <summary>The one label with the most votes; null where there is none.</summary>
    private static int? Majority(ReadOnlySpan<int> tally)
    {
        var (best, tied) = (0, false);
        for (var label = 1; label < tally.Length; label++)
        {
            if (tally[label] > tally[best])
                (best, tied) = (label, false);
            else if (tally[label] == tally[best])
                tied = true;
        }
        return tied || tally[best] == 0 ? null : best;
    }
}
