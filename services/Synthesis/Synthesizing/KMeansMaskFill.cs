using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>
/// Labelled texts with some of their words hidden and filled in anew: a masked language model chooses among the words that
/// texts of the same cluster use.
/// </summary>
internal sealed class KMeansMaskFill : ISynthesisMethod
{
    /// <summary>The choice is among the likeliest of the cluster's words.</summary>
    private const int Likeliest = 10;

    public string Name => "k-means-mask-fill";

    public Synthesised Make(Pool pool)
    {
        if (pool.ModelFolder is null)
            throw new BadInputException(
                $"Step {pool.Step}: {Name} needs 'model'; expected a masked language model that fills in words."
            );
        using var model = Open(pool);
        var (partition, tried) = pool.Cluster();
        var random = new SeededRandom(pool.Spec.Seed, Name);
        var words = Vocabularies(pool, partition, model);
        var known = pool.Rows.Select(row => row.Text).ToHashSet(StringComparer.Ordinal);
        var made = new List<Example>();
        for (var row = 0; row < pool.Labelled; row++)
        for (var copy = 0; copy < pool.Spec.Copies; copy++)
        {
            pool.Stop.ThrowIfCancellationRequested();
            var own = pool.Rows[row];
            var text = Rewrite(own.Text, words[partition.Of[row]], model, pool.Spec.MaskRate, random);
            if (known.Add(text))
                made.Add(Pool.Given(own, own.Label!, 1) with { Id = $"filled-{own.Id}-{copy}", Text = text });
        }
        return new(made, new LabelledClusters(partition, new string?[partition.Count], tried));
    }

    private static HiddenWords Open(Pool pool)
    {
        try
        {
            return HiddenWords.Open(pool.ModelFolder!, pool.Spec.MaxTokens, new ComputeOptions(pool.Threads));
        }
        catch (BadInputException failure)
        {
            throw new BadInputException(
                $"Step {pool.Step}: 'model' cannot fill in words for k-means-mask-fill: "
                    + failure.Message.Replace(pool.ModelFolder! + ": ", "", StringComparison.Ordinal)
            );
        }
    }

    /// <summary>The words of each cluster's texts, by their token.</summary>
    private static SortedDictionary<int, string>[] Vocabularies(Pool pool, Partition partition, HiddenWords model)
    {
        var words = new SortedDictionary<int, string>[partition.Count];
        for (var cluster = 0; cluster < words.Length; cluster++)
            words[cluster] = [];
        for (var row = 0; row < pool.Rows.Count; row++)
            foreach (var (_, span) in model.Words(pool.Rows[row].Text))
                words[partition.Of[row]].TryAdd(span.Id, pool.Rows[row].Text[span.Start..span.End]);
        return words;
    }

    private static string Rewrite(
        string text,
        SortedDictionary<int, string> vocabulary,
        HiddenWords model,
        double rate,
        SeededRandom random
    )
    {
        var words = model.Words(text).ToArray();
        random.Shuffle<(int, Modelling.Tokenization.TokenSpan)>(words);
        var hidden = words.Take((int)Math.Ceiling(rate * words.Length)).OrderBy(word => word.Piece).ToArray();
        if (hidden.Length == 0)
            return text;

        var said = model.Foretell(text, [.. hidden.Select(word => word.Piece)]);
        var written = new StringBuilder();
        var end = 0;
        foreach (var (word, logits) in hidden.Zip(said))
        {
            written.Append(text, end, word.Span.Start - end);
            written.Append(Choose(vocabulary, logits, word.Span.Id, random) ?? text[word.Span.Start..word.Span.End]);
            end = word.Span.End;
        }
        return written.Append(text, end, text.Length - end).ToString();
    }

    /// <summary>Another word, each of the likeliest as likely as the model says; null where the cluster has no other.</summary>
    private static string? Choose(
        SortedDictionary<int, string> vocabulary,
        float[] logits,
        int old,
        SeededRandom random
    )
    {
        int[] best =
        [
            .. vocabulary
                .Keys.Where(token => token != old)
                .OrderByDescending(token => logits[token])
                .ThenBy(token => token)
                .Take(Likeliest),
        ];
        if (best.Length == 0)
            return null;
        var shares = Array.ConvertAll(best, token => Math.Exp(logits[token] - logits[best[0]]));
        var rest = (random.Next() >> 11) * (1.0 / (1UL << 53)) * shares.Sum();
        var at = 0;
        while (at < best.Length - 1 && (rest -= shares[at]) >= 0)
            at++;
        return vocabulary[best[at]];
    }
}
