using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Layers;

/// <summary>What <see cref="DropoutMasks.Filled"/> does, on the device that needs the mask.</summary>
/// <remarks>
/// In TorchScript, as thirty small operations for each of some twenty masks an update cost more in calls than in work; in
/// place, as a fuser would compile a kernel for each shape.
/// </remarks>
internal static class MaskKernel
{
    // Numbers above 2³¹ stand as the negative ones of the same bits: libtorch has no unsigned arithmetic, and its right
    // shift keeps the sign, which the masks take away. The last hash has the highest bit of each half turned, so that a
    // signed comparison decides as the unsigned one does.
    private const string Source = """
        def mixed(x: Tensor) -> Tensor:
            x.bitwise_xor_((x >> 16).bitwise_and_(0xffff)).mul_(0x7feb352d)
            x.bitwise_xor_((x >> 15).bitwise_and_(0x1ffff)).mul_(-2073254261)
            return x.bitwise_xor_((x >> 16).bitwise_and_(0xffff))

        def kept(pairs: Tensor, first: int, second: int, threshold: int, count: int) -> Tensor:
            x = mixed(pairs.add_(first))
            x = mixed(x.bitwise_xor_(second)).bitwise_xor_(-2147450880)
            return x.view(torch.int16)[:count] >= threshold
        """;

    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile(Source));

    /// <summary>1 where an element is kept, 0 elsewhere.</summary>
    public static Tensor Next(long[] shape, ulong key, int threshold, ScalarType type, Device device)
    {
        var count = shape.Aggregate(1L, (product, width) => product * width);
        using var pairs = arange((count + 1) / 2, ScalarType.Int32, device);
        using var kept = Script.Value.invoke<Tensor>(
            "kept",
            pairs,
            (long)(int)(uint)key,
            (long)(int)(uint)(key >> 32),
            threshold - 32768L,
            count
        );
        using var shaped = kept.view(shape);
        return shaped.to(type);
    }
}
