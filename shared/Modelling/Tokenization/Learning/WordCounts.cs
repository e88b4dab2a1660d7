using System.Runtime.InteropServices;
using Microsoft.ML.Tokenizers;

namespace TransferPipeline.Modelling.Tokenization.Learning;

/// <summary>How often each word occurs in texts.</summary>
internal static class WordCounts
{
    /// <summary>In an order that does not depend on that of the texts.</summary>
    public static IReadOnlyList<(string Word, long Count)> Of(
        IEnumerable<string> texts,
        Normalizer? normalizer,
        PreTokenizer words,
        CancellationToken stop
    )
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var known = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var text in texts)
        {
            stop.ThrowIfCancellationRequested();
            var plain = normalizer?.Normalize(text) ?? text;
            foreach (var (offset, length) in words.PreTokenize(plain))
                CollectionsMarshal.GetValueRefOrAddDefault(known, plain.AsSpan(offset, length), out _)++;
        }
        return [.. counts.OrderBy(word => word.Key, StringComparer.Ordinal).Select(word => (word.Key, word.Value))];
    }
}
