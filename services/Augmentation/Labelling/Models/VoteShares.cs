using TransferPipeline.Augmentation.Labelling.Votes;

namespace TransferPipeline.Augmentation.Labelling.Models;

/// <summary>Weighted shares of the votes, which two label models give and the others start from.</summary>
internal static class VoteShares
{
    /// <param name="weights">Of each function, above 0.</param>
    /// <param name="balance">Null: the mean share of each label over the rows with a vote.</param>
    public static LearnedLabels Of(VotePatterns votes, double[] weights, double[]? balance)
    {
        var labels = votes.Labels;
        var shares = new double[votes.Count * labels];
        var (totals, rows) = (new double[labels], 0.0);
        for (var pattern = 0; pattern < votes.Count; pattern++)
        {
            var share = shares.AsSpan(pattern * labels, labels);
            var row = votes[pattern];
            var sum = 0.0;
            for (var function = 0; function < row.Length; function++)
                if (row[function] != VoteTable.Abstains)
                {
                    share[row[function]] += weights[function];
                    sum += weights[function];
                }
            if (sum == 0)
                continue;
            rows += votes.Weight(pattern);
            for (var label = 0; label < labels; label++)
                totals[label] += votes.Weight(pattern) * (share[label] /= sum);
        }

        // One row more of each label, so that a label nobody voted for stays possible.
        balance ??= [.. totals.Select(total => (total + 1) / (rows + labels))];
        for (var pattern = 0; pattern < votes.Count; pattern++)
            if (!votes.IsCovered(pattern))
                balance.CopyTo(shares.AsSpan(pattern * labels));
        return new LearnedLabels(shares, balance, []);
    }

    /// <summary>Shares of votes that weigh alike.</summary>
    public static LearnedLabels Of(VotePatterns votes, double[]? balance) =>
        Of(votes, [.. Enumerable.Repeat(1.0, votes.Functions)], balance);
}
