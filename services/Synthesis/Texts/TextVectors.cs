using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Storage.Documents;
using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Synthesis.Texts;

/// <summary>
/// A vector of length 1 for each text: an encoder's mean embedding, or tf-idf reduced by a truncated SVD. Different texts are
/// taken in one order whatever the order of the rows, so that all samples of a dataset share what was computed once.
/// </summary>
internal sealed class TextVectors(StepWork work, int maxTokens, int threads)
{
    private const int Portion = 2048;
    private const int SvdIterations = 5;

    public DenseRows Embed(IReadOnlyList<Example> rows, string folder, KeptFiles kept)
    {
        var compute = new ComputeOptions(threads) { Placement = new(work.Device, work.Step.Precision) };
        compute.Placement.Check();
        using var encoder = new RememberingEmbedder(
            folder,
            maxTokens,
            compute,
            new(key => kept.Find(key, work.Stop), (key, write) => kept.Keep(key, write, work.Stop))
        );
        var texts = Distinct(rows);
        var vectors = new Dictionary<ModelText, float[]>(texts.Length);
        foreach (var portion in texts.Chunk(Portion))
        {
            foreach (var (text, vector) in portion.Zip(encoder.Embed(portion, work.Stop)))
                vectors[text] = vector;
            work.Progress.Report(
                new StepProgress(
                    0.8 * vectors.Count / texts.Length,
                    $"{vectors.Count} of {texts.Length} texts embedded"
                )
            );
        }
        return DenseRows.Of([.. rows.Select(row => vectors[TextOf(row)])]);
    }

    public DenseRows Reduce(IReadOnlyList<Example> rows, int dimensions, long seed)
    {
        ModelText[] texts = [.. rows.Select(TextOf)];
        using var terms = TfIdf.Fit(Distinct(rows), cancellation: work.Stop);
        var sparse = terms.Transform(texts, work.Stop);
        work.Progress.Report(new StepProgress(0.2, $"{texts.Length} texts of {terms.Width} terms are reduced"));
        var directions = TruncatedSvd.Directions(sparse, dimensions, seed, SvdIterations, work.Stop);
        return DenseRows.Of([.. TruncatedSvd.Project(sparse, directions).Select(Normalised)]);
    }

    private static ModelText[] Distinct(IReadOnlyList<Example> rows) =>
        [
            .. rows.Select(TextOf)
                .Distinct()
                .OrderBy(text => text.First, StringComparer.Ordinal)
                .ThenBy(text => text.Second, StringComparer.Ordinal),
        ];

    private static ModelText TextOf(Example row) => new(row.Text, row.TextB);

    /// <summary>A text without a known term stays at the origin.</summary>
    private static float[] Normalised(float[] row)
    {
        var length = Math.Sqrt(Distances.Product(row, row));
        return length == 0 ? row : Array.ConvertAll(row, value => (float)(value / length));
    }
}
