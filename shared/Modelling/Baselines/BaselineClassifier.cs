using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>A baseline as a classifier of texts: features, and what was fitted to them.</summary>
/// <param name="features">Null where the model reads none (majority).</param>
public sealed class BaselineClassifier(IReadOnlyList<string> labels, ITextFeatures? features, IBaselineModel model)
    : IClassifier
{
    private static readonly FeatureRows Nothing = FeatureRows.Sparse(0, [0, 0], [], []);

    public IReadOnlyList<string> Labels { get; } = labels;

    public ITextFeatures? Features { get; } = features;

    public IBaselineModel Model { get; } = model;

    /// <summary>Opens what <see cref="BaselineFolder.Save"/> wrote; checks all of it.</summary>
    /// <param name="openEncoder">Opens an encoder's folder, given the tokens it reads of a text.</param>
    /// <exception cref="TransferPipeline.Contracts.BadInputException">Files are missing, damaged or do not fit.</exception>
    public static BaselineClassifier Open(string folder, Func<string, int, IEmbedder> openEncoder) =>
        BaselineFolder.Open(folder, openEncoder);

    public IReadOnlyList<float[]> Predict(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default)
    {
        var probabilities = new float[texts.Count][];
        var rows = Features?.Transform(texts, cancellation);
        for (var row = 0; row < texts.Count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            probabilities[row] = rows is null ? Model.Probabilities(Nothing, 0) : Model.Probabilities(rows, row);
        }
        return probabilities;
    }

    public TimeSpan Spared => Features?.Spared ?? TimeSpan.Zero;

    public IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) => Features?.CutOff(texts) ?? new int[texts.Count];

    public void Dispose() => Features?.Dispose();
}
