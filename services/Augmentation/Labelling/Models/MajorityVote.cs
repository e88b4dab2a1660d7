using TransferPipeline.Augmentation.Labelling.Votes;

namespace TransferPipeline.Augmentation.Labelling.Models;

/// <summary>The share of the votes that each label got.</summary>
internal sealed class MajorityVote : ILabelModel
{
    public string Name => "majority";

    public LearnedLabels Fit(VotePatterns votes, LabelModelSettings settings, CancellationToken stop = default) =>
        VoteShares.Of(votes, settings.Balance) with
        {
            Accuracies = new double?[votes.Functions],
        };
}
