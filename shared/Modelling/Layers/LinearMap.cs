using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>y = xWᵀ + b in the numbers that a <see cref="Placement"/> asks for.</summary>
/// <remarks>
/// Where nothing is trained, other rows change no bit of a row, as far as that is cheap: libtorch's product is another one for few
/// rows than for many (docs/decisions/0029).
/// </remarks>
internal static class LinearMap
{
    /// <summary>Few rows are filled up to as many as a convolution asks for, where it asks for no more.</summary>
    private const long MostFilled = 256;

    /// <summary>Outputs up to which a map costs nothing beside the others in double precision.</summary>
    private const long FewOutputs = 64;

    /// <param name="weight">(out, in).</param>
    /// <param name="inBf16">Round the factors to bfloat16; the result and all gradients are of the input's type again.</param>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias, bool inBf16) // (…, in) → (…, out)
    {
        if (inBf16)
            return As(ScalarType.BFloat16, input, weight, bias);
        var (rows, least) = (input.numel() / weight.size(1), ConvolvedMap.LeastRows(weight));
        if (rows >= least)
            return ConvolvedMap.Of(input, weight, bias);
        if (!is_grad_enabled())
        {
            if (least <= MostFilled)
                return Filled(input, rows, least, weight, bias);
            if (weight.size(0) <= FewOutputs && IsPlain(input))
                return As(ScalarType.Float64, input, weight, bias);
        }
        return functional.linear(input, weight, bias);
    }

    private static bool IsPlain(Tensor input) =>
        input.device_type == TorchSharp.DeviceType.CPU && input.dtype == ScalarType.Float32;

    private static Tensor Filled(Tensor input, long rows, long least, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var filled = functional.pad(input.reshape(rows, weight.size(1)), [0, 0, 0, least - rows]);
        var mapped = ConvolvedMap.Of(filled, weight, bias).narrow(0, 0, rows);
        return mapped.reshape(TensorShape.Of(input, last: weight.size(0))).MoveToOuterDisposeScope();
    }

    private static Tensor As(ScalarType type, Tensor input, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var product = functional.linear(input.to(type), weight.to(type), bias?.to(type));
        return product.to(input.dtype).MoveToOuterDisposeScope();
    }
}
