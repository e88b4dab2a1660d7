using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Constraints;

/// <summary>
/// Looks at each word that stands for another since the last edit; texts that have more or fewer words than before, or were not
/// edited, pass.
/// </summary>
public abstract class SwapConstraint : ITextConstraint
{
    public bool Allows(PerturbedText candidate, PerturbedText current)
    {
        if (candidate.Previous is not { } before || candidate.Words.Count != before.Words.Count)
            return true;
        return candidate.NewlyModified.All(word => Allows(before.Words[word].Word, candidate.Words[word].Word));
    }

    /// <summary>Whether a word may stand for another.</summary>
    protected abstract bool Allows(string before, string after);
}

/// <summary>A word is not replaced by its opposite.</summary>
public sealed class NoOpposites(WordNet wordNet) : SwapConstraint
{
    protected override bool Allows(string before, string after) => !wordNet.AreOpposite(before, after);
}

/// <summary>
/// A word and the one that stands for it can be of one class, noun, verb, adjective or adverb, by WordNet; no tagger says which of
/// them each is in its text. Two words that WordNet knows as none of these pass.
/// </summary>
/// <param name="nounForVerb">Whether nouns and verbs may stand for each other.</param>
public sealed class SharedWordClass(WordNet wordNet, bool nounForVerb) : SwapConstraint
{
    protected override bool Allows(string before, string after)
    {
        var (one, other) = (Classes(before), Classes(after));
        return one.Length == 0 ? other.Length == 0 : one.Intersect(other).Any();
    }

    private char[] Classes(string word) =>
        [
            .. "nvar"
                .Where(wordClass => wordNet.CanBe(word, wordClass))
                .Select(wordClass => nounForVerb && wordClass == 'v' ? 'n' : wordClass)
                .Distinct(),
        ];
}

/// <summary>The vectors of a word and of the one that stands for it lie near each other; words without one do not pass.</summary>
/// <param name="least">The least cosine.</param>
public sealed class NearVectors(WordVectors vectors, double least) : SwapConstraint
{
    protected override bool Allows(string before, string after) => vectors.Cosine(before, after) >= least;
}
