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

    public override Tensor forward(Tensor input)
    {
        if (!Active)
            return input;
        if (_masks is null)
            throw new InvalidOperationException("A model that is to train with dropout must be opened with masks.");

        using var mask = _masks.Next(input.shape, _threshold, input.dtype, input.device);
        return input.mul(mask);
    }
}
