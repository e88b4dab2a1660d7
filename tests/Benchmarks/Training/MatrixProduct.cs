using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;

namespace TransferPipeline.Benchmarks.Training;

/// <summary>What the machine gives at this moment: a product of two 1024² matrices in fp32.</summary>
internal static class MatrixProduct
{
    private const int Size = 1024;

    /// <summary>In GFLOP/s, at the median of fifty.</summary>
    public static double Rate(ComputeOptions compute)
    {
        compute.Apply();
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var (a, b) = (rand(Size, Size), rand(Size, Size));
        var seconds = Measured.Seconds(50, () => a.matmul(b).Dispose());
        return 2.0 * Size * Size * Size / Measured.Median(seconds) / 1e9;
    }
}
