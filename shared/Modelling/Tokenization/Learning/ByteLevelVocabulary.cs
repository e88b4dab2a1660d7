using System.Text;

namespace TransferPipeline.Modelling.Tokenization.Learning;

/// <summary>Learns GPT-2's <c>vocab.json</c> and <c>merges.txt</c> from the bytes of words.</summary>
internal static class ByteLevelVocabulary
{
    /// <summary>The character that stands for each byte (<c>bytes_to_unicode</c> of <c>openai/gpt-2/src/encoder.py</c>).</summary>
    private static readonly string[] Characters = StandIns();

    public static BytePairFiles Learn(
        IEnumerable<string> texts,
        int size,
        IReadOnlyList<string> special,
        string folder,
        CancellationToken stop
    )
    {
        var words = WordCounts.Of(texts, normalizer: null, new ByteLevelWords(), stop);
        var pieces = words.Select(word => (Pieces(word.Word), word.Count));
        var merges = new PairMerges(Characters.Order(StringComparer.Ordinal), pieces, (left, right) => left + right);
        merges.Learn(size - special.Count, stop);

        var ids = special.Concat(merges.Pieces).Select((token, id) => (token, id)).ToDictionary(StringComparer.Ordinal);
        return new BytePairFiles(
            Path.Combine(folder, BytePairFiles.VocabularyFile),
            ids,
            [.. merges.Merges.Select(pair => $"{pair.Left} {pair.Right}")]
        );
    }

    private static IReadOnlyList<string> Pieces(string word) =>
        Array.ConvertAll(Encoding.UTF8.GetBytes(word), one => Characters[one]);

    private static string[] StandIns()
    {
        var characters = new string[256];
        var next = 256;
        for (var one = 0; one < 256; one++)
            characters[one] = (
                one is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)one : (char)next++
            ).ToString();
        return characters;
    }
}
