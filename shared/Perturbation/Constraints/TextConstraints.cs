using TransferPipeline.Contracts;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Constraints;

/// <summary>At most so many words differ from the original's.</summary>
public sealed class MaximumWordsChanged : ITextConstraint
{
    private readonly int? _words;
    private readonly double? _share;

    private MaximumWordsChanged(int? words, double? share) => (_words, _share) = (words, share);

    /// <summary>A number of words.</summary>
    /// <exception cref="BadInputException">Below 1.</exception>
    public static MaximumWordsChanged Of(int words) =>
        words >= 1
            ? new(words, null)
            : throw new BadInputException($"maximum words changed: {words}; expected 1 or more");

    /// <summary>A share of the words of the shorter text, rounded up.</summary>
    /// <exception cref="BadInputException">Not between 0 and 1.</exception>
    public static MaximumWordsChanged Share(double share) =>
        share is > 0 and <= 1
            ? new(null, share)
            : throw new BadInputException($"maximum share of words changed: {share}; expected more than 0, at most 1");

    public bool Allows(PerturbedText candidate, PerturbedText current)
    {
        var original = candidate.Original;
        var most = _words ?? (int)Math.Ceiling(Math.Min(candidate.Words.Count, original.Words.Count) * _share!.Value);
        return candidate.DifferentWords(original).Count <= most;
    }
}

/// <summary>At most such a share of the words was changed; of a text of few words as many as of one with the fewest named.</summary>
public sealed class MaximumChangeRate(double rate, int fewestWords) : ITextConstraint
{
    public bool Allows(PerturbedText candidate, PerturbedText current) =>
        candidate.Modified.Count <= Math.Max(Math.Ceiling(candidate.Words.Count * rate), fewestWords);
}

/// <summary>The text is at most so many inserted, deleted and replaced characters away from the original.</summary>
public sealed class MaximumEditDistance(int most) : ITextConstraint
{
    public bool Allows(PerturbedText candidate, PerturbedText current) =>
        EditDistance.Of(candidate.Original.Text, candidate.Text) <= most;
}
