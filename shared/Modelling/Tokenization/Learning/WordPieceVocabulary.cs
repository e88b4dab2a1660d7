using System.Globalization;

namespace TransferPipeline.Modelling.Tokenization.Learning;

/// <summary>Learns BERT's <c>vocab.txt</c>, as the trainer of Hugging Face's tokenizers does: by joining pairs.</summary>
internal static class WordPieceVocabulary
{
    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>What begins a piece that goes on with a word.</summary>
    public const string Within = "##";

    /// <summary>More letters than this are seldom a language's own; the rarest become unknown.</summary>
    private const int MostLetters = 1000;

    public static string[] Learn(IEnumerable<string> texts, int size, bool lowerCase, CancellationToken stop)
    {
        var normalizer = new BertNormalizer(lowerCase, stripAccents: lowerCase, splitChinese: true);
        var words = WordCounts.Of(texts, normalizer, new BertWords(), stop);
        var letters = words
            .SelectMany(word => Letters(word.Word).Select(letter => (letter, word.Count)))
            .GroupBy(one => one.letter, one => one.Count, StringComparer.Ordinal)
            .OrderByDescending(letter => letter.Sum())
            .ThenBy(letter => letter.Key, StringComparer.Ordinal)
            .Take(MostLetters)
            .Select(letter => letter.Key)
            .ToHashSet(StringComparer.Ordinal);

        var known = words.Where(word => Letters(word.Word).All(letters.Contains)).ToList();
        var pieces = known.Select(word => (Pieces(word.Word), word.Count)).ToList();
        var alphabet = letters
            .Union(pieces.SelectMany(word => word.Item1))
            .Order(StringComparer.Ordinal)
            .Where(piece => !Special.Contains(piece));
        var merges = new PairMerges(alphabet, pieces, (left, right) => left + right[Within.Length..]);
        merges.Learn(size - Special.Length, stop);
        return [.. Special, .. merges.Pieces];
    }

    private static IEnumerable<string> Letters(string word) => word.EnumerateRunes().Select(rune => rune.ToString());

    private static IReadOnlyList<string> Pieces(string word) =>
        [.. Letters(word).Select((letter, i) => i == 0 ? letter : Within + letter)];
}
