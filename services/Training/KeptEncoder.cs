using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Training;

/// <summary>Opens encoders that nothing trains: what they make of texts is kept, and is there for the next step that asks.</summary>
internal static class KeptEncoder
{
    /// <param name="kept">Where vectors of texts are kept; null: nowhere.</param>
    public static IEmbedder Open(
        string folder,
        int maxTokens,
        ComputeOptions compute,
        KeptFiles? kept,
        CancellationToken stop
    ) =>
        kept is null
            ? TransformerEmbedder.Open(folder, maxTokens, compute)
            : new RememberingEmbedder(
                folder,
                maxTokens,
                compute,
                new(key => kept.Find(key, stop), (key, write) => kept.Keep(key, write, stop))
            );
}
