namespace TransferPipeline.Modelling.Inference;

/// <summary>
/// Embeds texts among all those of their dataset, as <see cref="SharedVectors"/> takes them, so that steps on different parts of
/// it share what a <see cref="RememberingEmbedder"/> has kept.
/// </summary>
/// <param name="encoder">Disposed with this.</param>
/// <param name="all">Embedded at the first question; a question with another text goes to the encoder itself.</param>
public sealed class SharingEmbedder(IEmbedder encoder, IReadOnlyList<ModelText> all) : IEmbedder
{
    private IReadOnlyDictionary<ModelText, float[]>? _vectors;

    public int Width => encoder.Width;

    public TimeSpan Spared => encoder.Spared;

    public IReadOnlyList<float[]> Embed(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default)
    {
        var vectors = _vectors ??= SharedVectors.Of(encoder, all, (_, _) => { }, cancellation);
        return texts.All(vectors.ContainsKey)
            ? [.. texts.Select(text => vectors[text])]
            : encoder.Embed(texts, cancellation);
    }

    public IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) => encoder.CutOff(texts);

    public void Dispose() => encoder.Dispose();
}
