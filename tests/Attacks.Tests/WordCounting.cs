using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Tests;

/// <summary>A classifier that adds up what its words weigh; it remembers how many texts it was given at a time.</summary>
internal sealed class WordCounting(IReadOnlyDictionary<string, double[]> weights, params string[] labels) : IClassifier
{
    public IReadOnlyList<string> Labels { get; } = labels;

    public List<int> Batches { get; } = [];

    /// <summary>Knows good from bad.</summary>
    public static WordCounting Reviews() =>
        new(
            new Dictionary<string, double[]>
            {
                ["good"] = [0, 1.5],
                ["fine"] = [0, 0.7],
                ["bad"] = [1.5, 0],
                ["dull"] = [0.8, 0],
            },
            "negative",
            "positive"
        );

    public IReadOnlyList<float[]> Predict(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Batches.Add(texts.Count);
        return [.. texts.Select(Probabilities)];
    }

    public void Dispose() { }

    private float[] Probabilities(ModelText text)
    {
        var sums = new double[Labels.Count];
        foreach (var word in PerturbedText.Of(text).Words)
            if (weights.TryGetValue(word.Word, out var weight))
                for (var label = 0; label < sums.Length; label++)
                    sums[label] += weight[label];
        var powers = Array.ConvertAll(sums, Math.Exp);
        return Array.ConvertAll(powers, power => (float)(power / powers.Sum()));
    }
}
