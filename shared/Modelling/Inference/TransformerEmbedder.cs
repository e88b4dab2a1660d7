using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Inference;

/// <summary>An encoder in a folder in Hugging Face layout; a head that the folder also holds is left out.</summary>
public sealed class TransformerEmbedder : IEmbedder
{
    private readonly Encoder _encoder;
    private readonly TextBatches _batches;

    private TransformerEmbedder(Encoder encoder, TextBatches batches) => (_encoder, _batches) = (encoder, batches);

    public int Width => _encoder.Width;

    /// <param name="maxTokens">Tokens read of a text.</param>
    /// <exception cref="BadInputException">The folder holds no encoder, or a damaged one.</exception>
    public static TransformerEmbedder Open(string folder, int maxTokens, ComputeOptions? compute = null)
    {
        compute ??= ComputeOptions.AllProcessors;
        var encoder = Encoders.Open(folder, compute.Evaluation);
        try
        {
            encoder.eval();
            return new(encoder, new(folder, encoder, maxTokens, compute));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    public IReadOnlyList<float[]> Embed(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default) =>
        _batches.Run(
            texts,
            batch => nn.functional.normalize(MeanPooling.Of(_encoder.call(batch), batch), 2, 1),
            cancellation
        );

    public IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) => _batches.CutOff(texts);

    public void Dispose() => _encoder.Dispose();
}
