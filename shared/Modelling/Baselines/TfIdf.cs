using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>
/// Words and word pairs as scikit-learn's <c>TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)</c>: (1 + ln count) ·
/// (ln((1 + texts) / (1 + texts with the term)) + 1), each row of length 1. No word pair spans the two texts of a pair.
/// </summary>
public sealed class TfIdf : ITextFeatures
{
    private readonly Dictionary<string, int> _columns;

    /// <param name="terms">In column order, each once.</param>
    /// <param name="rarity">The second factor of each term.</param>
    public TfIdf(IReadOnlyList<string> terms, double[] rarity)
    {
        if (terms.Count != rarity.Length)
            throw new ArgumentException($"{terms.Count} terms need as many factors.", nameof(rarity));
        Terms = terms;
        Rarity = rarity;
        _columns = terms.Select((term, column) => (term, column)).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The terms in column order.</summary>
    public IReadOnlyList<string> Terms { get; }

    /// <summary>Inverse document frequencies in column order.</summary>
    public IReadOnlyList<double> Rarity { get; }

    public int Width => Terms.Count;

    /// <summary>Collects the terms that are in at least so many texts; left out, 2 above 200 texts and 1 below.</summary>
    /// <exception cref="BadInputException">No term is in as many texts.</exception>
    public static TfIdf Fit(
        IReadOnlyList<ModelText> texts,
        int? minTexts = null,
        CancellationToken cancellation = default
    )
    {
        var least = minTexts ?? (texts.Count > 200 ? 2 : 1);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal); // texts with the term
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var term in CountTerms(text).Keys)
                counts[term] = counts.GetValueOrDefault(term) + 1;
        }

        var kept = counts.Where(pair => pair.Value >= least).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        if (kept.Count == 0)
            throw new BadInputException($"tf-idf: no word is in at least {least} of the {texts.Count} training texts.");
        return new TfIdf(
            [.. kept.Select(pair => pair.Key)],
            [.. kept.Select(pair => Math.Log((1.0 + texts.Count) / (1 + pair.Value)) + 1)]
        );
    }

    public FeatureRows Transform(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default)
    {
        var offsets = new int[texts.Count + 1];
        var columns = new List<int>();
        var values = new List<float>();
        for (var row = 0; row < texts.Count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            var entries = new List<(int Column, double Value)>();
            foreach (var (term, count) in CountTerms(texts[row]))
                if (_columns.TryGetValue(term, out var column))
                    entries.Add((column, (1 + Math.Log(count)) * Rarity[column]));
            entries.Sort((a, b) => a.Column.CompareTo(b.Column));

            var length = Math.Sqrt(entries.Sum(entry => entry.Value * entry.Value));
            foreach (var (column, value) in entries)
            {
                columns.Add(column);
                values.Add((float)(value / length));
            }
            offsets[row + 1] = columns.Count;
        }
        return FeatureRows.Sparse(Width, offsets, [.. columns], [.. values]);
    }

    public void Dispose() { }

    private static Dictionary<string, int> CountTerms(ModelText text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        void Count(string term) => counts[term] = counts.GetValueOrDefault(term) + 1;

        WordTerms.Each(text.First, Count);
        if (text.Second is { } second)
            WordTerms.Each(second, Count);
        return counts;
    }
}
