using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Training.Baselines;

/// <summary>Features, then a fit; knows no step and no store.</summary>
internal sealed class BaselineTraining(BaselineSpec spec, int threads, Func<string, int, IEmbedder> openEncoder)
{
    /// <summary>Texts between two looks at progress.</summary>
    private const int Portion = 512;

    /// <param name="encoder">The folder of the encoder whose embeddings are the features; null: TF-IDF.</param>
    /// <param name="more">Texts whose terms TF-IDF counts beside those of the labelled ones.</param>
    public BaselineClassifier Train(
        LabelledTexts texts,
        IReadOnlyList<string> labels,
        string? encoder,
        IProgress<StepProgress> progress,
        CancellationToken stop,
        IReadOnlyList<ModelText>? more = null
    )
    {
        if (spec.Algorithm == "majority")
            return new(labels, null, Majority.Fit(Data(FeatureRows.Dense([.. texts.Texts.Select(_ => Empty)], 0))));

        ITextFeatures features = encoder is null
            ? TfIdf.Fit([.. Documents(texts), .. more ?? []], spec.MinDocumentFrequency, stop)
            : new EmbeddingFeatures(encoder, spec.MaxTokens, openEncoder(encoder, spec.MaxTokens));
        try
        {
            var data = Data(Transform(features, texts.Texts, progress, stop));
            progress.Report(new(0.5, $"fitting {spec.Algorithm} to {data.Count} rows of {features.Width} features"));
            return new(labels, features, Fit(data, progress, stop));
        }
        catch
        {
            features.Dispose();
            throw;
        }

        LabelledRows Data(FeatureRows rows) =>
            new(rows, [.. texts.Targets.Select(target => (int)target)], labels.Count, texts.Weights);
    }

    private static float[] Empty { get; } = [];

    /// <summary>Each text once: a soft label is several rows of one text, side by side, that share a weight.</summary>
    private static IReadOnlyList<ModelText> Documents(LabelledTexts texts) =>
        texts.Weights is null
            ? texts.Texts
            : [.. texts.Texts.Where((text, row) => row == 0 || text != texts.Texts[row - 1])];

    private IBaselineModel Fit(LabelledRows data, IProgress<StepProgress> progress, CancellationToken stop) =>
        spec.Algorithm switch
        {
            "linear-svm" => LinearSvm.Fit(data, spec.C, stop),
            "logistic" => LogisticRegression.Fit(data, spec.C, stop),
            "nearest-neighbours" => NearestNeighbours.Fit(data, spec.Neighbours),
            "random-forest" => RandomForest.Fit(
                data,
                spec.Seed,
                spec.Trees,
                threads,
                grown: trees => progress.Report(new(0.5 + 0.5 * trees / spec.Trees, $"tree {trees} of {spec.Trees}")),
                cancellation: stop
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Algorithm, "Unknown algorithm."),
        };

    private static FeatureRows Transform(
        ITextFeatures features,
        IReadOnlyList<ModelText> texts,
        IProgress<StepProgress> progress,
        CancellationToken stop
    )
    {
        var parts = new List<FeatureRows>();
        for (var start = 0; start < texts.Count; start += Portion)
        {
            stop.ThrowIfCancellationRequested();
            parts.Add(features.Transform([.. texts.Skip(start).Take(Portion)], stop));
            var done = Math.Min(start + Portion, texts.Count);
            progress.Report(new(0.5 * done / texts.Count, $"features of {done} of {texts.Count} texts"));
        }
        return FeatureRows.Concat(parts);
    }
}
