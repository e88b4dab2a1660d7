using TransferPipeline.Augmentation.Labelling.Votes;

namespace TransferPipeline.Augmentation.Labelling.Models;

/// <summary>
/// Dawid and Skene (Applied Statistics 1979): expectation–maximisation over the label of each row and the confusion matrix of
/// each function, from the shares of the votes on.
/// </summary>
internal sealed class DawidSkene : ILabelModel
{
    private const int MostRounds = 500;
    private const double EnoughGain = 1e-10;

    /// <summary>Rows that each function is thought to have seen of each vote and label before any.</summary>
    private const double Prior = 0.01;

    public string Name => "dawid-skene";

    public LearnedLabels Fit(VotePatterns votes, LabelModelSettings settings, CancellationToken stop = default)
    {
        var start = VoteShares.Of(votes, settings.Balance);
        var (probabilities, balance) = (start.Probabilities, start.Balance);
        var rates = new VoteRates(votes.Functions, votes.Labels);
        var before = double.NegativeInfinity;
        for (var round = 0; round < MostRounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            (rates, var estimated) = Maximise(votes, probabilities);
            balance = settings.Balance ?? estimated;
            (probabilities, var likelihood) = rates.Posterior(votes, balance);
            if (likelihood - before < EnoughGain)
                break;
            before = likelihood;
        }
        return new LearnedLabels(probabilities, balance, rates.Accuracies(balance));
    }

    /// <summary>The balance that is given, else the one that this model finds; other models cannot tell it from rates alone.</summary>
    public static double[] BalanceOf(VotePatterns votes, LabelModelSettings settings, CancellationToken stop) =>
        settings.Balance ?? new DawidSkene().Fit(votes, settings, stop).Balance;

    private static (VoteRates Rates, double[] Balance) Maximise(VotePatterns votes, double[] probabilities)
    {
        var labels = votes.Labels;
        var counts = new VoteRates(votes.Functions, labels);
        var totals = new double[labels];
        for (var pattern = 0; pattern < votes.Count; pattern++)
        {
            var row = votes[pattern];
            for (var label = 0; label < labels; label++)
            {
                var share = votes.Weight(pattern) * probabilities[pattern * labels + label];
                totals[label] += share;
                for (var function = 0; function < row.Length; function++)
                    counts[function, label, row[function]] += share;
            }
        }
        for (var function = 0; function < votes.Functions; function++)
        for (var label = 0; label < labels; label++)
        for (var vote = -1; vote < labels; vote++)
            counts[function, label, vote] =
                (counts[function, label, vote] + Prior) / (totals[label] + Prior * (labels + 1));
        return (counts, [.. totals.Select(total => (total + Prior) / (votes.Rows + Prior * labels))]);
    }
}
