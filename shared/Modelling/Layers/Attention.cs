using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>Scaled dot-product attention over several heads (Vaswani et al. 2017).</summary>
internal static class Attention
{
    /// <param name="query">(B, T, D), as are key and value.</param>
    /// <param name="mask">Added to the scores, (1 | B, 1, 1 | T, T); null for none.</param>
    public static Tensor Of(Tensor query, Tensor key, Tensor value, long heads, Tensor? mask, Dropout dropout)
    {
        using var scope = NewDisposeScope();

        query = SplitHeads(query, heads); // (B, H, T, D/H)
        key = SplitHeads(key, heads);
        value = SplitHeads(value, heads);
        var attended = dropout.Active
            ? Attend(query, key, value, mask, dropout)
            : functional.scaled_dot_product_attention(query, key, value, mask); // fused, but with dropout of its own only
        return attended.transpose(1, 2).flatten(2).MoveToOuterDisposeScope(); // (B, T, D)
    }

    private static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? mask, Dropout dropout)
    {
        var scores = query.mul(Scalars.Of(1 / Math.Sqrt(query.size(3)))).matmul(key.transpose(2, 3)); // (B, H, T, T)
        if (mask is not null)
            scores.add_(mask, Scalars.One);
        return dropout.Unscaled(scores.softmax(-1)).matmul(value).mul_(dropout.Scale); // (B, H, T, D/H)
    }

    private static Tensor SplitHeads(Tensor hidden, long heads) =>
        hidden.view(hidden.size(0), hidden.size(1), heads, hidden.size(2) / heads).transpose(1, 2);
}
