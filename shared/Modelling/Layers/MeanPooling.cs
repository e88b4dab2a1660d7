using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Layers;

/// <summary>The mean of the hidden states of the tokens that are not padding.</summary>
internal static class MeanPooling
{
    public static Tensor Of(Tensor hidden, TokenBatch batch) // (B, T, D) → (B, D)
    {
        if (batch.Present is null)
            return hidden.mean([1L]);

        using var scope = NewDisposeScope();
        var present = batch.Present.to(hidden.dtype).unsqueeze(2); // (B, T, 1)
        return hidden.mul(present).sum(1).div(present.sum(1)).MoveToOuterDisposeScope();
    }
}
