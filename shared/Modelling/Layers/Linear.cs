using TorchSharp.Modules;
using TorchSharp.Utils;
using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>y = xWᵀ + b; unlike TorchSharp's, making one draws no random number.</summary>
internal sealed class Linear : Module<Tensor, Tensor>, IMultiplier
{
    private readonly bool _transposed;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // (out, in), or (in, out)

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    /// <param name="transposed">Whether the weight is kept as (in, out), as GPT-2 has it.</param>
    public Linear(long from, long to, bool bias = true, bool transposed = false)
        : base(nameof(Linear))
    {
        _transposed = transposed;
        _weight = new(transposed ? empty(from, to) : empty(to, from));
        _bias = bias ? new(empty(to)) : null;
        RegisterComponents();
    }

    public bool InBf16 { private get; set; }

    public Parameter Weight => _weight;

    /// <summary>Whether the weight is (in, out).</summary>
    public bool IsTransposed => _transposed;

    public override Tensor forward(Tensor input) // (…, in) → (…, out)
    {
        if (!_transposed)
            return LinearMap.Of(input, _weight, _bias, InBf16);

        using var weight = _weight.t();
        return LinearMap.Of(input, weight, _bias, InBf16);
    }
}
