using System.Diagnostics;
using TransferPipeline.Modelling.Layers;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Compute;

/// <summary>Which precision trains faster here.</summary>
public static class PrecisionMeasurement
{
    private const int Tokens = 1024;
    private const int Width = 384;
    private const int WarmUps = 2;
    private const int Repeats = 7;

    // Below it the gain is within what a machine varies by, and fp32 is the exact one.
    private const double LeastGain = 1.1;

    /// <summary><c>bf16</c> where linear layers are faster with it, forward and backward with all casts; else <c>fp32</c>.</summary>
    public static string Faster(ComputeOptions compute)
    {
        compute.Apply();
        using var scope = NewDisposeScope();
        var where = device(compute.Placement.Device);
        var input = ones([Tokens, Width], device: where, requires_grad: true);
        var wide = ones([4 * Width, Width], device: where, requires_grad: true);
        var narrow = ones([Width, 4 * Width], device: where, requires_grad: true);
        return Seconds(inBf16: false) > LeastGain * Seconds(inBf16: true) ? "bf16" : "fp32";

        double Seconds(bool inBf16)
        {
            var seconds = new List<double>();
            for (var round = 0; round < WarmUps + Repeats; round++)
            {
                using var pass = NewDisposeScope();
                var start = Stopwatch.GetTimestamp();
                var hidden = LinearMap.Of(input, wide, null, inBf16);
                var sum = LinearMap.Of(hidden, narrow, null, inBf16).sum();
                sum.backward();
                _ = input.grad![0, 0].item<float>(); // waits for the device
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            return seconds.Skip(WarmUps).Order().ElementAt(Repeats / 2);
        }
    }
}
