using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Layers;

/// <summary>The hidden state of the last token that is not padding; of the first one where all are.</summary>
internal static class LastToken
{
    /// <param name="padId">An id that counts as padding wherever it stands, as Transformers has it; null for none.</param>
    public static Tensor Of(Tensor hidden, TokenBatch batch, int? padId) // (B, T, D) → (B, D)
    {
        using var scope = NewDisposeScope();
        var places = Scalars.Below(batch.Length, hidden.device).expand(batch.Rows, batch.Length); // (B, T)
        if (batch.Present is not null)
            places = places.mul(batch.Present);
        if (padId is not null)
            places = places.mul(batch.Ids.ne(Scalars.Of(padId.Value)));
        var rows = Scalars.Below(batch.Rows, hidden.device);
        return hidden.index(TensorIndex.Tensor(rows), TensorIndex.Tensor(places.amax([1L]))).MoveToOuterDisposeScope();
    }
}
