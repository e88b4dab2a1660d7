using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using static TorchSharp.torch;
using Dropout = TransferPipeline.Modelling.Layers.Dropout;

namespace TransferPipeline.Modelling.Inference;

/// <summary>
/// A fine-tuned transformer that says of a text what it says with some of its units dropped (Gal and Ghahramani 2016):
/// the same number of a pass gives the same masks.
/// </summary>
public sealed class DropoutPasses : IDisposable
{
    private readonly SequenceClassification _model;
    private readonly DropoutMasks _masks;
    private readonly TextBatches _batches;

    private DropoutPasses(SequenceClassification model, DropoutMasks masks, TextBatches batches) =>
        (_model, _masks, _batches) = (model, masks, batches);

    /// <param name="settings">With masks, and the rates of the training where they are not the configuration's.</param>
    /// <exception cref="BadInputException">The folder holds no such model, or a damaged one.</exception>
    public static DropoutPasses Open(string folder, ModelSettings settings, ComputeOptions compute)
    {
        var masks = settings.Masks ?? throw new ArgumentException("Passes with dropout need masks.", nameof(settings));
        var model = SequenceClassification.Open(folder, settings);
        var batches = TextBatches.OfTrained(
            model,
            model.Encoder,
            model.NewWeights,
            "classifier",
            folder,
            null,
            compute
        );
        model.train();
        return new(model, masks, batches);
    }

    /// <summary>Whether any of a model's layers drops something, as it is now.</summary>
    public static bool HasDropout(nn.Module model) => model.modules().Any(layer => layer is Dropout { Active: true });

    /// <summary>Probabilities of one pass, one row per text.</summary>
    public IReadOnlyList<float[]> Predict(IReadOnlyList<ModelText> texts, int pass, CancellationToken cancellation)
    {
        _masks.Begin(pass);
        return _batches.Run(texts, batch => _model.call(batch).softmax(1), cancellation);
    }

    public void Dispose() => _model.Dispose();
}
