using TorchSharp;
using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>Zeroes a share of its input while training and scales the rest; otherwise the identity, bit for bit.</summary>
internal sealed class Dropout : Module<Tensor, Tensor>
{
    private readonly int _threshold;
    private readonly DropoutMasks? _masks;

    public Dropout(double rate, DropoutMasks? masks)
        : base(nameof(Dropout))
    {
        _threshold = DropoutMasks.Threshold(rate);
        _masks = masks;
    }

    /// <summary>Whether the next call changes its input.</summary>
    public bool Active => training && _threshold > 0;

    /// <summary>What an active call multiplies what it keeps by.</summary>
    public Scalar Scale => Scalars.Of(DropoutMasks.Scale(_threshold));

    public override Tensor forward(Tensor input)
    {
        if (!Active)
            return input;
        using var mask = Masks.Next(TensorShape.Of(input), _threshold, input.dtype, input.device);
        return input.mul(mask);
    }

    /// <summary>
    /// Zeroes its input as an active call does, and leaves it to the caller to multiply what becomes of the rest by
    /// <see cref="Scale"/>: autograd then keeps a byte of each element's mask instead of a number.
    /// </summary>
    public Tensor Unscaled(Tensor input)
    {
        using var scope = NewDisposeScope();
        var kept = Masks.Kept(TensorShape.Of(input), _threshold, input.device);
        return where(kept, input, zeros([], dtype: input.dtype, device: input.device)).MoveToOuterDisposeScope();
    }

    private DropoutMasks Masks =>
        _masks
        ?? throw new InvalidOperationException("A model that is to train with dropout must be opened with masks.");
}
