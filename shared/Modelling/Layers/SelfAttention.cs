using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>Every token looks at every token that is not padding.</summary>
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
        var attended = Attention.Of(
            _query.call(hidden),
            _key.call(hidden),
            _value.call(hidden),
            _heads,
            mask,
            _dropout
        );
        return _output.call(attended).MoveToOuterDisposeScope(); // (B, T, D)
    }
}
