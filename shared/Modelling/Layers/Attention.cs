using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>Scaled dot-product attention over several heads (Vaswani et al. 2017).</summary>
internal static class Attention
{
    /// <summary>Tokens that libtorch's attention takes at a time, a whole number of vector registers: behind whole ones no sum has an end of its own.</summary>
    private const long Block = 32;

    /// <param name="query">(B, T, D), as are key and value.</param>
    /// <param name="mask">Added to the scores, (1 | B, 1, 1 | T, T); null for none.</param>
    public static Tensor Of(Tensor query, Tensor key, Tensor value, long heads, Tensor? mask, Dropout dropout)
    {
        using var scope = NewDisposeScope();

        var tokens = query.size(1);
        if (tokens % Block > 0 && FillsUp(query, dropout))
        {
            mask = Filled(mask ?? zeros(1, 1, 1, tokens, query.dtype), tokens);
            (query, key, value) = (Filled(query), Filled(key), Filled(value));
        }
        query = SplitHeads(query, heads); // (B, H, T, D/H)
        key = SplitHeads(key, heads);
        value = SplitHeads(value, heads);
        var attended = dropout.Active
            ? Attend(query, key, value, mask, dropout)
            : functional.scaled_dot_product_attention(query, key, value, mask); // fused, but with dropout of its own only
        return attended.narrow(2, 0, tokens).transpose(1, 2).flatten(2).MoveToOuterDisposeScope(); // (B, T, D)
    }

    private static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? mask, Dropout dropout)
    {
        var scores = query.mul(Scalars.Of(1 / Math.Sqrt(query.size(3)))).matmul(key.transpose(2, 3)); // (B, H, T, T)
        if (mask is not null)
            scores.add_(mask, Scalars.One);
        return dropout.Unscaled(scores.softmax(-1)).matmul(value).mul_(dropout.Scale); // (B, H, T, D/H)
    }

    private static bool FillsUp(Tensor query, Dropout dropout) =>
        !is_grad_enabled() && !dropout.Active && query.device_type == TorchSharp.DeviceType.CPU;

    /// <summary>
    /// Tokens behind the last, up to whole blocks, that no token looks at: so the padding of a batch changes no bit of what its
    /// shorter texts give (docs/decisions/0029).
    /// </summary>
    private static Tensor Filled(Tensor tokens) => functional.pad(tokens, [0, 0, 0, Missing(tokens.size(1))]); // (B, T, D)

    private static Tensor Filled(Tensor mask, long tokens)
    {
        var (missing, hidden) = (Missing(tokens), float.MinValue);
        long[] sides = mask.size(2) == 1 ? [0, missing] : [0, missing, 0, missing];
        return functional.pad(mask, sides, TorchSharp.PaddingModes.Constant, hidden);
    }

    private static long Missing(long tokens) => -tokens & (Block - 1);

    private static Tensor SplitHeads(Tensor hidden, long heads) =>
        hidden.view(hidden.size(0), hidden.size(1), heads, hidden.size(2) / heads).transpose(1, 2);
}
