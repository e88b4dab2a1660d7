using TransferPipeline.Augmentation.Labelling.Votes;

namespace TransferPipeline.Augmentation.Labelling.Models;

/// <summary>
/// How often each function casts each vote on texts of each label. To abstain is one of the votes: a function that only ever
/// votes for one label tells by its silence too.
/// </summary>
internal sealed class VoteRates(int functions, int labels)
{
    private readonly double[] _rates = new double[functions * labels * (labels + 1)]; // the last vote is to abstain

    public double this[int function, int label, int vote]
    {
        get => _rates[Place(function, label, vote)];
        set => _rates[Place(function, label, vote)] = value;
    }

    /// <summary>Puts every rate between the least one and 1, and each function's rates on a label to a sum of 1.</summary>
    /// <remarks>What is left beside the votes is to abstain.</remarks>
    public VoteRates Completed(double least)
    {
        for (var function = 0; function < functions; function++)
        for (var label = 0; label < labels; label++)
        {
            var sum = 0.0;
            for (var vote = 0; vote < labels; vote++)
                sum += this[function, label, vote] = Math.Clamp(this[function, label, vote], least, 1);
            sum += this[function, label, VoteTable.Abstains] = Math.Clamp(1 - sum, least, 1);
            for (var vote = -1; vote < labels; vote++)
                this[function, label, vote] /= sum;
        }
        return this;
    }

    /// <summary>The labels that these rates and a balance give.</summary>
    public LearnedLabels Learned(VotePatterns votes, double[] balance)
    {
        var expectation = new Expectation(votes, new double[votes.Count * labels]);
        expectation.Update(this, balance);
        return new(expectation.Probabilities, balance, Accuracies(balance));
    }

    /// <summary>How often each function is right where it votes.</summary>
    public double?[] Accuracies(double[] balance) =>
        [
            .. Enumerable
                .Range(0, functions)
                .Select(function =>
                {
                    var (right, cast) = (0.0, 0.0);
                    for (var label = 0; label < labels; label++)
                    {
                        right += balance[label] * this[function, label, label];
                        cast += balance[label] * (1 - this[function, label, VoteTable.Abstains]);
                    }
                    return cast > 0 ? right / cast : (double?)null;
                }),
        ];

    private int Place(int function, int label, int vote) =>
        (function * labels + label) * (labels + 1) + (vote == VoteTable.Abstains ? labels : vote);
}
