using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>y = xWᵀ + b in the numbers that a <see cref="Placement"/> asks for.</summary>
internal static class LinearMap
{
    /// <param name="weight">(out, in).</param>
    /// <param name="inBf16">Round the factors to bfloat16; the result and all gradients are of the input's type again.</param>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias, bool inBf16) // (…, in) → (…, out)
    {
        if (!inBf16)
            return ConvolvedMap.Pays(input.numel() / weight.size(1), weight)
                ? ConvolvedMap.Of(input, weight, bias)
                : functional.linear(input, weight, bias);

        using var scope = NewDisposeScope();
        var product = functional.linear(
            input.to(ScalarType.BFloat16),
            weight.to(ScalarType.BFloat16),
            bias?.to(ScalarType.BFloat16)
        );
        return product.to(input.dtype).MoveToOuterDisposeScope();
    }
}
