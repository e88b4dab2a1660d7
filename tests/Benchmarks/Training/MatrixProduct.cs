using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;

namespace TransferPipeline.Benchmarks.Training;

/// <summary>What the machine gives at this moment: a product of two square matrices in fp32.</summary>
internal static class MatrixProduct
{
    /// <summary>In GFLOP/s, at the median of fifty; of 1024² on a processor, and 8192² on a device that those would not fill.</summary>
    public static double Rate(ComputeOptions compute)
    {
        compute.Apply();
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var size = compute.Placement.Device == Placement.Processor.Device ? 1024 : 8192;
        var where = device(compute.Placement.Device);
        var (a, b) = (rand(size, size, device: where), rand(size, size, device: where));
        var seconds = Measured.Seconds(
            50,
            () =>
            {
                using var product = a.matmul(b);
                using var corner = product[0, 0];
                _ = corner.item<float>(); // waits for the device
            }
        );
        return 2.0 * size * size * size / Measured.Median(seconds) / 1e9;
    }
}
