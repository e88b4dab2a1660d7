using TransferPipeline.Datasets;

namespace TransferPipeline.Perturbation.Transformations;

/// <summary>Words are replaced by what a swap of words that attacks use too makes of them.</summary>
/// <param name="concerns">Which words may be replaced.</param>
public sealed class RandomWordSwaps(WordSwap swap, Func<string, bool> concerns) : IWordEdit
{
    public void Apply(WordSequence words, double rate, SeededRandom random)
    {
        var order = RandomOrder.Of(words.Count, random);
        var left = EditCount.Of(words.Count, rate);
        foreach (var index in order)
        {
            if (!concerns(words[index]))
                continue;
            var word = words[index];
            string[] others = [.. swap.Replacements(word, random).Where(other => other != word)];
            if (others.Length == 0)
                continue;
            words[index] = others[random.Next(others.Length)];
            if (--left == 0)
                return;
        }
    }
}

/// <summary>
/// Token cut-off (Shen et al. 2020), of words instead of embeddings: a fixed share of the words is left out, and one always
/// stays.
/// </summary>
public sealed class TokenCutOff : IWordEdit
{
    public void Apply(WordSequence words, double rate, SeededRandom random)
    {
        var count = Math.Min(EditCount.Of(words.Count, rate), words.Count - 1);
        if (count <= 0)
            return;
        var cut = RandomOrder.Of(words.Count, random)[..count];
        Array.Sort(cut);
        foreach (var index in cut.Reverse())
            words.Delete(index);
    }
}

/// <summary>Indices in random order.</summary>
internal static class RandomOrder
{
    public static int[] Of(int count, SeededRandom random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle<int>(order);
        return order;
    }
}
