using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Perturbation.Transformations;

/// <summary>
/// EDA (Wei and Zou, EMNLP 2019): of each text copies by its four operations, as many of each as can be, in random order. Its
/// authors take a rate of 0.1, and 0.05 with more than 500 examples, and 4 to 16 copies.
/// </summary>
/// <remarks>
/// Two things differ from the authors' code: punctuation and capital letters stay, as a pretrained model reads them, and
/// synonyms are single words.
/// </remarks>
public sealed class EasyDataAugmentation(Synonyms synonyms, StopWords stopWords)
{
    private readonly IWordEdit[] _operations =
    [
        new SynonymReplacement(synonyms, stopWords),
        new RandomInsertion(synonyms),
        new RandomSwap(),
        new RandomDeletion(),
    ];

    /// <summary>The operation that makes each copy.</summary>
    public IReadOnlyList<IWordEdit> Draw(int copies, SeededRandom random)
    {
        var drawn = Enumerable.Range(0, copies / _operations.Length + 1).SelectMany(_ => _operations).ToArray();
        random.Shuffle<IWordEdit>(drawn);
        return drawn[..copies];
    }
}

/// <summary>Synonyms stand for words that are no stop words; each stands for all places of its word.</summary>
public sealed class SynonymReplacement(Synonyms synonyms, StopWords stopWords) : IWordEdit
{
    public void Apply(WordSequence words, double rate, SeededRandom random)
    {
        var candidates = new List<string>();
        for (var index = 0; index < words.Count; index++)
            if (!candidates.Contains(words[index]) && !stopWords.Contains(words[index]))
                candidates.Add(words[index]);
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(candidates));
        var left = EditCount.Of(words.Count, rate);
        foreach (var word in candidates)
        {
            if (synonyms.Of(word) is not { Count: > 0 } others)
                continue;
            var other = others[random.Next(others.Count)];
            for (var index = 0; index < words.Count; index++)
                if (words[index] == word)
                    words[index] = other;
            if (--left == 0)
                return;
        }
    }
}

/// <summary>Synonyms of words of the text stand at random places in it.</summary>
public sealed class RandomInsertion(Synonyms synonyms) : IWordEdit
{
    private const int MostTries = 10;

    public void Apply(WordSequence words, double rate, SeededRandom random)
    {
        if (words.Count == 0)
            return;
        for (var left = EditCount.Of(words.Count, rate); left > 0; left--)
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (synonyms.Of(words[random.Next(words.Count)]) is not { Count: > 0 } others)
                continue;
            words.Insert(random.Next(words.Count), others[random.Next(others.Count)]);
            break;
        }
    }
}

/// <summary>Two words change places, several times.</summary>
public sealed class RandomSwap : IWordEdit
{
    private const int MostTries = 3;

    public void Apply(WordSequence words, double rate, SeededRandom random)
    {
        if (words.Count < 2)
            return;
        for (var left = EditCount.Of(words.Count, rate); left > 0; left--)
        {
            var (one, other) = (random.Next(words.Count), random.Next(words.Count));
            for (var tries = 0; one == other && tries < MostTries; tries++)
                other = random.Next(words.Count);
            words.Swap(one, other);
        }
    }
}

/// <summary>Each word is left out with a probability, which is the rate; one always stays.</summary>
public sealed class RandomDeletion : IWordEdit
{
    public void Apply(WordSequence words, double rate, SeededRandom random)
    {
        var deleted = new List<int>();
        for (var index = words.Count - 1; index >= 0; index--)
            if (random.NextDouble() < rate)
                deleted.Add(index);
        // Where nothing would be left, a random word is.
        if (deleted.Count == words.Count && deleted.Count > 0)
            deleted.RemoveAt(random.Next(deleted.Count));
        foreach (var index in deleted)
            words.Delete(index);
    }
}
