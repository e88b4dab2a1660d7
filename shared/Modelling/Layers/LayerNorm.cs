using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>Normalises the last dimension, then scales and shifts it.</summary>
internal sealed class LayerNorm : Module<Tensor, Tensor>
{
    private readonly long[] _shape;
    private readonly double _epsilon;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    public LayerNorm(long width, double epsilon)
        : base(nameof(LayerNorm))
    {
        _shape = [width];
        _epsilon = epsilon;
        _weight = new(empty(width));
        _bias = new(empty(width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => functional.layer_norm(input, _shape, _weight, _bias, _epsilon);
}
