using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>Widen, activate, narrow: each token by itself.</summary>
internal sealed class FeedForward : Module<Tensor, Tensor>
{
    private readonly Func<Tensor, Tensor> _activation;

    [ComponentName(Name = "wide")]
    private readonly Linear _wide;

    [ComponentName(Name = "narrow")]
    private readonly Linear _narrow;

    /// <param name="transposed">Whether weights are kept as (in, out).</param>
    public FeedForward(long width, long wideWidth, Func<Tensor, Tensor> activation, bool transposed = false)
        : base(nameof(FeedForward))
    {
        _activation = activation;
        _wide = new(width, wideWidth, transposed: transposed);
        _narrow = new(wideWidth, width, transposed: transposed);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return _narrow.call(_activation(_wide.call(hidden))).MoveToOuterDisposeScope(); // D → wide → D
    }
}
