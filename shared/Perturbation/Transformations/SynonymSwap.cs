using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Transformations;

/// <summary>
/// A word that WordNet gives one of the same senses stands for a word: all its senses, whatever part of speech, without
/// phrases, as TextAttack's <c>WordSwapWordNet</c>.
/// </summary>
public sealed class WordNetSwap(WordNet wordNet) : WordSwap
{
    public override IEnumerable<string> Replacements(string word, SeededRandom random) =>
        wordNet
            .Senses(word)
            .SelectMany(sense => sense)
            .Where(other => other != word && !other.Contains('_') && WordSplitter.Count(other) == 1)
            .Distinct();
}

/// <summary>One of the nearest words of a list stands for a word; a capital first letter stays one.</summary>
/// <param name="most">How many of the nearest are tried.</param>
public sealed class NeighbourSwap(NeighbourLists neighbours, int most) : WordSwap
{
    public override IEnumerable<string> Replacements(string word, SeededRandom random) =>
        neighbours.Of(word).Take(most).Select(other => WordCase.Of(word, other));
}
