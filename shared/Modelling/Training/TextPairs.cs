namespace TransferPipeline.Modelling.Training;

/// <summary>Two texts, and whether they have one label.</summary>
public readonly record struct TextPair(int First, int Second, bool Same);

/// <summary>
/// The pairs that SetFit 1.2 trains on (Tunstall et al. 2022): every two texts once, in a random order; of those with one
/// label and those with two as many as the setting says, taken in turn and from the start again where they run out.
/// </summary>
public static class TextPairs
{
    /// <summary>More pairs than this are not listed.</summary>
    public const long Most = 20_000_000;

    /// <summary>Two texts of any number, each pair once.</summary>
    public static long Count(long texts) => texts * (texts - 1) / 2;

    /// <param name="labels">Of each text.</param>
    /// <param name="setting"><c>oversampling</c>, <c>undersampling</c> or <c>unique</c>.</param>
    /// <param name="iterations">Pairs of each kind for each text, whatever the setting; null for the setting's.</param>
    public static IReadOnlyList<TextPair> Of(IReadOnlyList<int> labels, string setting, int? iterations, long seed)
    {
        var (same, other) = All(labels, seed);
        var counts = (iterations, setting) switch
        {
            ({ } each, _) => (each * labels.Count, each * labels.Count),
            (_, "unique") => (same.Count, other.Count),
            (_, "undersampling") => (Math.Min(same.Count, other.Count), Math.Min(same.Count, other.Count)),
            _ => (Math.Max(same.Count, other.Count), Math.Max(same.Count, other.Count)),
        };
        return [.. InTurn(Repeated(same, counts.Item1), Repeated(other, counts.Item2))];
    }

    private static (List<TextPair> Same, List<TextPair> Other) All(IReadOnlyList<int> labels, long seed)
    {
        var (same, other) = (new List<TextPair>(), new List<TextPair>());
        for (var first = 0; first < labels.Count; first++)
        for (var second = first + 1; second < labels.Count; second++)
        {
            var pair = new TextPair(first, second, labels[first] == labels[second]);
            (pair.Same ? same : other).Add(pair);
        }
        var random = new CounterRandom(seed, "pairs");
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(same));
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(other));
        return (same, other);
    }

    /// <summary>None where there is none to repeat: one text of each label, or one label.</summary>
    private static List<TextPair> Repeated(List<TextPair> pairs, int count) =>
        pairs.Count == 0 ? [] : [.. Enumerable.Range(0, count).Select(i => pairs[i % pairs.Count])];

    private static IEnumerable<TextPair> InTurn(List<TextPair> same, List<TextPair> other)
    {
        for (var i = 0; i < Math.Max(same.Count, other.Count); i++)
        {
            if (i < same.Count)
                yield return same[i];
            if (i < other.Count)
                yield return other[i];
        }
    }
}
