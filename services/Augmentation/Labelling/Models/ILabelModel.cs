using TransferPipeline.Augmentation.Labelling.Votes;

namespace TransferPipeline.Augmentation.Labelling.Models;

/// <summary>Makes one label of the votes of several functions, without seeing any true label.</summary>
internal interface ILabelModel
{
    /// <summary>Its word in a scenario.</summary>
    string Name { get; }

    LearnedLabels Fit(VotePatterns votes, LabelModelSettings settings, CancellationToken stop = default);
}

/// <summary>What a label model is told beside the votes.</summary>
/// <param name="Balance">The share of each label; null where it is to be estimated.</param>
/// <param name="Weights">Of the functions, as their file gives them; null where it gives none.</param>
internal sealed record LabelModelSettings(double[]? Balance, IReadOnlyList<double?> Weights);

/// <summary>What a label model found.</summary>
/// <param name="Probabilities">(patterns, labels); of a pattern without a vote, what is likely without any.</param>
/// <param name="Accuracies">How often each function is right where it votes; null where nothing was learned of it.</param>
internal sealed record LearnedLabels(double[] Probabilities, double[] Balance, IReadOnlyList<double?> Accuracies)
{
    private const double Equal = 1e-9;

    public ReadOnlySpan<double> Of(int pattern) => Probabilities.AsSpan(pattern * Balance.Length, Balance.Length);

    /// <summary>The most probable label; of equals the one that the first of the functions voted for.</summary>
    public int Best(int pattern, ReadOnlySpan<sbyte> votes)
    {
        var probabilities = Of(pattern);
        var best = 0;
        for (var label = 1; label < probabilities.Length; label++)
            if (probabilities[label] > probabilities[best])
                best = label;
        foreach (var vote in votes)
            if (vote != VoteTable.Abstains && probabilities[best] - probabilities[vote] < Equal)
                return vote;
        return best;
    }
}
