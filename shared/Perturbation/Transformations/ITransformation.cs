using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Transformations;

/// <summary>One way to change words of a text.</summary>
public interface ITransformation
{
    /// <summary>
    /// Every text that it makes of this one by changing one of these words; may hold a text twice, or this one. All that is
    /// drawn is drawn from <paramref name="random"/>, in the order of the words.
    /// </summary>
    IEnumerable<PerturbedText> Candidates(PerturbedText text, IReadOnlyList<int> words, SeededRandom random);
}

/// <summary>Puts another word into the place of one.</summary>
public abstract class WordSwap : ITransformation
{
    /// <summary>What may stand for the word.</summary>
    public abstract IEnumerable<string> Replacements(string word, SeededRandom random);

    public IEnumerable<PerturbedText> Candidates(PerturbedText text, IReadOnlyList<int> words, SeededRandom random) =>
        words.SelectMany(index =>
            Replacements(text.Words[index].Word, random)
                .Where(other => other != text.Words[index].Word)
                .Select(other => text.Replace(index, other))
        );
}

/// <summary>Several transformations, each giving a text once.</summary>
public sealed class CompositeTransformation(IReadOnlyList<ITransformation> transformations) : ITransformation
{
    public IEnumerable<PerturbedText> Candidates(PerturbedText text, IReadOnlyList<int> words, SeededRandom random) =>
        transformations.SelectMany(one => one.Candidates(text, words, random).DistinctBy(candidate => candidate.Text));
}

/// <summary>Leaves a word out.</summary>
public sealed class WordDeletion : ITransformation
{
    public IEnumerable<PerturbedText> Candidates(PerturbedText text, IReadOnlyList<int> words, SeededRandom random) =>
        words.Select(text.Delete);
}
