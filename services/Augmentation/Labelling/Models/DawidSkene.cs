using TransferPipeline.Augmentation.Labelling.Votes;

namespace TransferPipeline.Augmentation.Labelling.Models;

/// <summary>
/// Dawid and Skene (Applied Statistics 1979): expectation–maximisation over the label of each row and the confusion matrix of
/// each function, from the shares of the votes on.
/// </summary>
internal sealed class DawidSkene : ILabelModel
{
    private const int MostRounds = 500;

    /// <summary>Of the mean log-likelihood of a row: of a million rows a hundredth in all, which no figure shows.</summary>
    private const double EnoughGain = 1e-8;

    /// <summary>Rows that each function is thought to have seen of each vote and label before any.</summary>
    private const double Prior = 0.01;

    public string Name => "dawid-skene";

    public LearnedLabels Fit(VotePatterns votes, LabelModelSettings settings, CancellationToken stop = default)
    {
        var start = VoteShares.Of(votes, settings.Balance);
        var (expectation, balance) = (new Expectation(votes, start.Probabilities), start.Balance);
        var rates = new VoteRates(votes.Functions, votes.Labels);
        var before = double.NegativeInfinity;
        for (var round = 0; round < MostRounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            (rates, var estimated) = Maximise(votes, expectation);
            balance = settings.Balance ?? estimated;
            var likelihood = expectation.Update(rates, balance);
            if (likelihood - before < EnoughGain)
                break;
            before = likelihood;
        }
        return new LearnedLabels(expectation.Probabilities, balance, rates.Accuracies(balance));
    }

    /// <summary>The balance that is given, else the one that this model finds; other models cannot tell it from rates alone.</summary>
    public static double[] BalanceOf(VotePatterns votes, LabelModelSettings settings, CancellationToken stop) =>
        settings.Balance ?? new DawidSkene().Fit(votes, settings, stop).Balance;

    private static (VoteRates Rates, double[] Balance) Maximise(VotePatterns votes, Expectation expectation)
    {
        var labels = votes.Labels;
        var (rates, totals) = expectation.Expected();
        for (var function = 0; function < votes.Functions; function++)
        for (var label = 0; label < labels; label++)
        for (var vote = -1; vote < labels; vote++)
            rates[function, label, vote] =
                (rates[function, label, vote] + Prior) / (totals[label] + Prior * (labels + 1));
        return (rates, [.. totals.Select(total => (total + Prior) / (votes.Rows + Prior * labels))]);
    }
}
