using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>y = xWᵀ + b; unlike TorchSharp's, making one draws no random number.</summary>
internal sealed class Linear : Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // (out, in)

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    public Linear(long from, long to)
        : base(nameof(Linear))
    {
        _weight = new(empty(to, from));
        _bias = new(empty(to));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => functional.linear(input, _weight, _bias); // (…, in) → (…, out)
}
