using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Layers;

/// <summary>What <see cref="DropoutMasks.Filled"/> does, on the device that needs the mask.</summary>
/// <remarks>
/// In TorchScript, as thirty small operations for each of some twenty masks an update cost more in calls than in work; in
/// place, as a fuser would compile a kernel for each shape.
/// </remarks>
internal static class MaskKernel
{
    // Decimal numbers, as the 'e' of a hexadecimal one makes it a float; 0x846ca68b stands as the negative number of the same
    // bits: libtorch has no unsigned arithmetic. Its right shift keeps the sign, which the masks take away.
    private const string Source = """
        def mixed(x: Tensor) -> Tensor:
            x.mul_(2146121005)
            x.bitwise_xor_((x >> 15).bitwise_and_(131071)).mul_(-2073254261)
            return x.bitwise_xor_((x >> 16).bitwise_and_(65535))

        def kept(x: Tensor, first: int, second: int, threshold: int, count: int) -> Tensor:
            x.add_(first)
            mixed(x.bitwise_xor_((x >> 16).bitwise_and_(65535)))
            mixed(x.bitwise_xor_(second))
            halves = torch.stack([x.bitwise_and(65535), (x >> 16).bitwise_and_(65535)], 1)
            return halves.view([-1])[:count] >= threshold

        """;

    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile(Source));

    /// <summary>Whether an element is kept.</summary>
    public static Tensor Next(long[] shape, ulong key, int threshold, Device device)
    {
        var count = shape.Aggregate(1L, (product, width) => product * width);
        using var pairs = Scalars.Below((count + 1) / 2, device, ScalarType.Int32);
        using var kept = Script.Value.invoke<Tensor>(
            "kept",
            pairs,
            (long)(int)(uint)key,
            (long)(int)(uint)(key >> 32),
            (long)threshold,
            count
        );
        return kept.view(shape);
    }
}
