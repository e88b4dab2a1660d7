using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Perturbation.Transformations;

/// <summary>One way to edit a share of the words of a text, at random; a text that it cannot edit stays.</summary>
public interface IWordEdit
{
    /// <param name="rate">The share of the words; of n words it edits max(1, rate · n), where it does not say otherwise.</param>
    void Apply(WordSequence words, double rate, SeededRandom random);
}

/// <summary>How many words a rate is.</summary>
internal static class EditCount
{
    // As EDA's own code: max(1, int(alpha * number of words)).
    public static int Of(int words, double rate) => Math.Max(1, (int)(rate * words));
}

/// <summary>What may stand for a word, remembered: most of a text's words are among few.</summary>
/// <param name="swap">Draws nothing.</param>
public sealed class Synonyms(WordSwap swap)
{
    private const int MostRemembered = 100_000;
    private static readonly SeededRandom Nothing = new(0, "nothing is drawn");

    private readonly Dictionary<string, string[]> _known = [];

    public IReadOnlyList<string> Of(string word)
    {
        lock (_known)
        {
            if (_known.TryGetValue(word, out var found))
                return found;
            found = [.. swap.Replacements(word, Nothing).Where(other => other != word)];
            if (_known.Count < MostRemembered)
                _known[word] = found;
            return found;
        }
    }

    /// <summary>WordNet's, or where that is not given the neighbours.</summary>
    /// <param name="user">Who needs them, for the message where neither is given.</param>
    /// <exception cref="Contracts.BadInputException">Neither is given.</exception>
    public static Synonyms In(LexiconSet lexicons, string user) =>
        lexicons.Find<WordNet>(LexiconKind.WordNet) is null
        && lexicons.Find<NeighbourLists>(LexiconKind.Neighbours) is { } neighbours
            ? new(new NeighbourSwap(neighbours, int.MaxValue))
            : new(new WordNetSwap(lexicons.WordNet(user)));
}
