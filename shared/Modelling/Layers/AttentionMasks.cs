using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Layers;

/// <summary>What is added to attention's scores: 0 where a token may look, the smallest number elsewhere.</summary>
internal static class AttentionMasks
{
    /// <summary>At all that is not padding: (B, 1, 1, T); null where nothing is.</summary>
    /// <param name="like">A tensor of the scores' type and device.</param>
    public static Tensor? Padding(TokenBatch batch, Tensor like)
    {
        if (batch.Present is null)
            return null;
        using var scope = NewDisposeScope();
        return Added(Absent(batch.Present), like).MoveToOuterDisposeScope();
    }

    /// <summary>At itself and at what stands before it and is not padding: (1 | B, 1, T, T).</summary>
    /// <param name="like">A tensor of the scores' type and device.</param>
    public static Tensor Causal(TokenBatch batch, Tensor like)
    {
        using var scope = NewDisposeScope();
        var hidden = ones(1, 1, batch.Length, batch.Length, ScalarType.Bool, like.device).triu(1); // (1, 1, T, T)
        if (batch.Present is not null)
            hidden = hidden.logical_or(Absent(batch.Present)); // (B, 1, T, T)
        return Added(hidden, like).MoveToOuterDisposeScope();
    }

    private static Tensor Absent(Tensor present) => present.logical_not().unsqueeze(1).unsqueeze(1); // (B, 1, 1, T)

    private static Tensor Added(Tensor hidden, Tensor like) =>
        zeros(hidden.shape, like.dtype, like.device).masked_fill_(hidden, Scalars.Of(float.MinValue));
}
