using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Augmentation;

/// <summary>Opens models whose predictions or embeddings vote.</summary>
internal interface IModelOpener
{
    IClassifier OpenClassifier(string folder);

    /// <param name="folder">Of a transformer, or of a baseline that brings its encoder.</param>
    /// <param name="maxTokens">Tokens it reads of a text.</param>
    IEmbedder OpenEncoder(string folder, int maxTokens);

    HiddenWords OpenMasked(string folder);
}

/// <summary>Opens baselines and transformers on the processor.</summary>
internal sealed class ModelOpener : IModelOpener
{
    /// <summary>Tokens of a text that are rewritten; a model that takes fewer reads fewer.</summary>
    private const int LongestText = 512;

    public IClassifier OpenClassifier(string folder) => Classifiers.Open(folder);

    public IEmbedder OpenEncoder(string folder, int maxTokens) =>
        TransformerEmbedder.Open(BaselineFolder.FindEncoder(folder) ?? folder, maxTokens);

    public HiddenWords OpenMasked(string folder) => HiddenWords.Open(folder, LongestText, ComputeOptions.AllProcessors);
}
