using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>Every token looks at every token that is not padding (Vaswani et al. 2017).</summary>
internal sealed class SelfAttention : Module<Tensor, Tensor?, Tensor>
{
    private readonly long _heads;

    [ComponentName(Name = "query")]
    private readonly Linear _query;

    [ComponentName(Name = "key")]
    private readonly Linear _key;

    [ComponentName(Name = "value")]
    private readonly Linear _value;

    [ComponentName(Name = "output")]
    private readonly Linear _output;

    [ComponentName(Name = "dropout")]
    private readonly Dropout _dropout;

    public SelfAttention(long width, long heads, Dropout dropout)
        : base(nameof(SelfAttention))
    {
        _heads = heads;
        _query = new(width, width);
        _key = new(width, width);
        _value = new(width, width);
        _output = new(width, width);
        _dropout = dropout;
        RegisterComponents();
    }

    /// <param name="mask">Added to the scores, (B, 1, 1, T); null where nothing is padding.</param>
    public override Tensor forward(Tensor hidden, Tensor? mask) // (B, T, D)
    {
        using var scope = NewDisposeScope();

        var query = SplitHeads(_query.call(hidden)); // (B, H, T, D/H)
        var key = SplitHeads(_key.call(hidden));
        var value = SplitHeads(_value.call(hidden));
        var attended = _dropout.Active
            ? Attend(query, key, value, mask)
            : functional.scaled_dot_product_attention(query, key, value, mask); // fused, but with dropout of its own only
        return _output.call(attended.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope(); // (B, T, D)
    }

    private Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        var scores = query.mul(1 / Math.Sqrt(query.shape[3])).matmul(key.transpose(2, 3)); // (B, H, T, T)
        if (mask is not null)
            scores.add_(mask);
        return _dropout.call(scores.softmax(-1)).matmul(value); // (B, H, T, D/H)
    }

    private Tensor SplitHeads(Tensor hidden) =>
        hidden.view(hidden.shape[0], hidden.shape[1], _heads, hidden.shape[2] / _heads).transpose(1, 2);
}
