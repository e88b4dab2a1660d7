using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>
/// Labelled texts with some of their words hidden and filled in anew: a masked language model chooses among the words that
/// texts of the same cluster use.
/// </summary>
internal sealed class KMeansMaskFill : ISynthesisMethod
{
    public string Name => "k-means-mask-fill";

    public Synthesised Make(Pool pool)
    {
        using var model = HiddenWords.Open(pool.ModelFolder!, pool.Spec.MaxTokens, new ComputeOptions(pool.Threads));
        var (partition, tried) = pool.Cluster();
        var random = new SeededRandom(pool.Spec.Seed, Name);
        var clusters = Array.ConvertAll(new int[partition.Count], _ => new WordFilling(model));
        for (var row = 0; row < pool.Rows.Count; row++)
            clusters[partition.Of[row]].Learn(pool.Rows[row].Text);
        var known = pool.Rows.Select(row => row.Text).ToHashSet(StringComparer.Ordinal);
        var made = new List<Example>();
        for (var row = 0; row < pool.Labelled; row++)
        for (var copy = 0; copy < pool.Spec.Copies; copy++)
        {
            pool.Stop.ThrowIfCancellationRequested();
            var own = pool.Rows[row];
            var text = clusters[partition.Of[row]]
                .Rewrite(own.Text, words => (int)Math.Ceiling(pool.Spec.MaskRate * words), random);
            if (known.Add(text))
                made.Add(Pool.Given(own, own.Label!, 1) with { Id = $"filled-{own.Id}-{copy}", Text = text });
        }
        return new(made, new LabelledClusters(partition, new string?[partition.Count], tried));
    }
}
