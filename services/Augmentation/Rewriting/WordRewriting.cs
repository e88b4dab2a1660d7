using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Augmentation.Rewriting;

/// <summary>Copies by edits of words.</summary>
/// <param name="draw">The edit that makes each of so many copies.</param>
internal sealed class WordRewriting(Func<int, SeededRandom, IReadOnlyList<IWordEdit>> draw) : IRewriting
{
    /// <summary>The rewriting that a step's method names.</summary>
    /// <exception cref="Contracts.BadInputException">A pack of words that it needs is not given.</exception>
    public static WordRewriting Of(string method, LexiconSet lexicons)
    {
        var stopWords = lexicons.StopWords;
        if (method == "eda")
        {
            var eda = new EasyDataAugmentation(Synonyms.In(lexicons, method), stopWords);
            return new WordRewriting(eda.Draw);
        }
        IWordEdit edit = method switch
        {
            "synonyms" => new SynonymReplacement(Synonyms.In(lexicons, method), stopWords),
            "insertion" => new RandomInsertion(Synonyms.In(lexicons, method)),
            "swap" => new RandomSwap(),
            "deletion" => new RandomDeletion(),
            "neighbours" => new RandomWordSwaps(
                new NeighbourSwap(lexicons.Neighbours(method), int.MaxValue),
                word => !stopWords.Contains(word)
            ),
            // A word's first and last letter are read most, and mistyped least.
            "typos" => new RandomWordSwaps(
                new AdjacentKey(new CharacterPlaces(One: true, KeepFirst: true, KeepLast: true), lexicons.Keyboard),
                word => word.Length > 3
            ),
            "cut-off" => new TokenCutOff(),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Unknown method."),
        };
        return new WordRewriting((copies, _) => [.. Enumerable.Repeat(edit, copies)]);
    }

    public IReadOnlyList<string> Copies(string text, int copies, double rate, SeededRandom random)
    {
        var edits = draw(copies, random);
        var written = new string[copies];
        var whole = new WordSequence(text);
        for (var copy = 0; copy < copies; copy++)
        {
            var words = whole.Copy();
            edits[copy].Apply(words, rate, random);
            written[copy] = words.ToString();
        }
        return written;
    }

    public void Dispose() { }
}
