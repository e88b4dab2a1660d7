using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Storage.Documents;
using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Synthesis.Texts;

/// <summary>
/// A vector of length 1 for each text: an encoder's mean embedding, or tf-idf reduced by a truncated SVD.
/// </summary>
internal sealed class TextVectors(StepWork work, int maxTokens, int threads)
{
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
        var vectors = SharedVectors.Of(
            encoder,
            rows.Select(TextOf),
            (done, all) => work.Progress.Report(new StepProgress(0.8 * done / all, $"{done} of {all} texts embedded")),
            work.Stop
        );
        return DenseRows.Of([.. rows.Select(row => vectors[TextOf(row)])]);
    }

    public DenseRows Reduce(IReadOnlyList<Example> rows, int dimensions, long seed)
    {
        ModelText[] texts = [.. rows.Select(TextOf)];
        using var terms = TfIdf.Fit(SharedVectors.Different(texts), cancellation: work.Stop);
        var sparse = terms.Transform(texts, work.Stop);
        work.Progress.Report(new StepProgress(0.2, $"{texts.Length} texts of {terms.Width} terms are reduced"));
        var directions = TruncatedSvd.Directions(sparse, dimensions, seed, SvdIterations, work.Stop);
        return DenseRows.Of([.. TruncatedSvd.Project(sparse, directions).Select(Normalised)]);
    }

    private static ModelText TextOf(Example row) => new(row.Text, row.TextB);

    /// <summary>A text without a known term stays at the origin.</summary>
    private static float[] Normalised(float[] row)
    {
        var length = Math.Sqrt(Distances.Product(row, row));
        return length == 0 ? row : Array.ConvertAll(row, value => (float)(value / length));
    }
}
