using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>Embeddings of a given encoder as features.</summary>
/// <param name="folder">The encoder's files.</param>
/// <param name="maxTokens">Tokens it reads of a text.</param>
/// <param name="embedder">The encoder; disposed with this.</param>
public sealed class EmbeddingFeatures(string folder, int maxTokens, IEmbedder embedder) : ITextFeatures
{
    public string Folder { get; } = folder;

    public int MaxTokens { get; } = maxTokens;

    public int Width => embedder.Width;

    public TimeSpan Spared => embedder.Spared;

    public FeatureRows Transform(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default) =>
        FeatureRows.Dense(embedder.Embed(texts, cancellation), Width);

    public IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) => embedder.CutOff(texts);

    public void Dispose() => embedder.Dispose();
}
