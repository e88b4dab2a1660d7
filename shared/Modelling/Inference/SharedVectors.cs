namespace TransferPipeline.Modelling.Inference;

/// <summary>
/// The vectors of texts, each embedded once: different texts are taken in one order whatever the order of the rows, so that all
/// samples of a dataset share what a <see cref="RememberingEmbedder"/> has kept.
/// </summary>
public static class SharedVectors
{
    private const int Portion = 2048;

    /// <param name="embedded">Called with how many of how many different texts are embedded.</param>
    public static IReadOnlyDictionary<ModelText, float[]> Of(
        IEmbedder encoder,
        IEnumerable<ModelText> texts,
        Action<int, int> embedded,
        CancellationToken stop
    )
    {
        var different = Different(texts);
        var vectors = new Dictionary<ModelText, float[]>(different.Length);
        foreach (var portion in different.Chunk(Portion))
        {
            foreach (var (text, vector) in portion.Zip(encoder.Embed(portion, stop)))
                vectors[text] = vector;
            embedded(vectors.Count, different.Length);
        }
        return vectors;
    }

    /// <summary>Each text once, in ordinal order.</summary>
    public static ModelText[] Different(IEnumerable<ModelText> texts) =>
        [
            .. texts
                .Distinct()
                .OrderBy(text => text.First, StringComparer.Ordinal)
                .ThenBy(text => text.Second, StringComparer.Ordinal),
        ];
}
