using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Compute;

/// <summary>
/// y = xWᵀ + b as a convolution with a kernel of 1×1, which libtorch hands to oneDNN. Its products go to MKL, which uses
/// AVX-512 on Intel's processors alone; oneDNN uses it on AMD's too, where this is twice as fast, forwards and backwards
/// (docs/decisions/0026).
/// </summary>
internal static class ConvolvedMap
{
    /// <summary>libtorch convolves inputs of no more numbers than this itself, slowly.</summary>
    private const long FewNumbers = 20_480;

    /// <summary>Multiplications of a product from which on oneDNN was faster.</summary>
    private const long Multiplications = 1 << 23;

    /// <summary>Weights beyond this do not stay in the caches, and oneDNN lays them out anew at each call.</summary>
    private const long MostWeights = 1 << 22;

    internal static readonly bool OnThisProcessor = Avx512F.IsSupported && !IsIntel();

    /// <summary>Whether a map of so many rows is faster so.</summary>
    /// <param name="weight">(out, in).</param>
    public static bool Pays(long rows, Tensor weight) => rows >= LeastRows(weight);

    /// <summary>Rows from which on a map is faster so; more than there can be where none is.</summary>
    /// <param name="weight">(out, in).</param>
    public static long LeastRows(Tensor weight) =>
        OnThisProcessor && weight.device_type == TorchSharp.DeviceType.CPU && weight.dtype == ScalarType.Float32
            ? LeastRowsAnywhere(weight)
            : long.MaxValue;

    /// <summary>The same, wherever it runs.</summary>
    internal static long LeastRowsAnywhere(Tensor weight) =>
        weight.numel() <= MostWeights
            ? Math.Max(FewNumbers / weight.size(1) + 1, (Multiplications + weight.numel() - 1) / weight.numel())
            : long.MaxValue;

    /// <param name="weight">(out, in).</param>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias) // (…, in) → (…, out)
    {
        using var scope = NewDisposeScope();
        var (width, wide) = (weight.size(1), weight.size(0));
        var rows = input.numel() / width;

        // Each row is a pixel: (1, in, rows, 1), whose channels lie together. A kernel of one pixel has nothing to dilate; that
        // it is to be keeps libtorch from its own code where there is one thread.
        var image = input.reshape(1, rows, 1, width).permute(0, 3, 1, 2);
        var mapped = functional.conv2d(image, weight.reshape(wide, width, 1, 1), bias, dilation: [2, 2]);
        return mapped.permute(0, 2, 3, 1).reshape(TensorShape.Of(input, last: wide)).MoveToOuterDisposeScope();
    }

    private static bool IsIntel()
    {
        var (_, first, third, second) = X86Base.CpuId(0, 0); // "Genu", "ntel", "ineI"
        return MemoryMarshal.AsBytes([first, second, third]).SequenceEqual("GenuineIntel"u8);
    }
}
