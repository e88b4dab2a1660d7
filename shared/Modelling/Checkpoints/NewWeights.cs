using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Models;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>
/// Weights as Transformers starts them: normal with the configuration's deviation, biases 0, norms 1, the padding's
/// embedding 0. Each tensor's numbers depend on the seed and its name alone.
/// </summary>
internal static class NewWeights
{
    public static void Draw(string name, Tensor weights, HeadConfig config, long seed)
    {
        if (name.EndsWith(".bias", StringComparison.Ordinal))
        {
            weights.zero_();
            return;
        }
        if (weights.dim() == 1) // a norm's
        {
            weights.fill_(Scalars.One);
            return;
        }

        using var scope = NewDisposeScope();
        var drawn = Normal(name, weights.shape, config.Deviation(name), seed);
        if (config.PadId is { } padding && config.PaddedEmbeddings.Contains(name))
            drawn[padding].zero_();
        weights.copy_(drawn);
    }

    /// <summary>Numbers around 0; they depend on the seed and the name alone.</summary>
    public static Tensor Normal(string name, long[] shape, double deviation, long seed)
    {
        var drawn = empty(shape);
        FillNormal(MemoryMarshal.Cast<byte, float>(drawn.bytes), deviation, Key(seed, name));
        return drawn;
    }

    private static ulong Key(long seed, string name) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {name}")));

    /// <summary>Box and Muller's transform of SplitMix64's numbers.</summary>
    internal static void FillNormal(Span<float> target, double deviation, ulong key)
    {
        for (var i = 0; i < target.Length; i += 2)
        {
            var radius = deviation * Math.Sqrt(-2 * Math.Log(1 - Uniform(ref key)));
            var (sin, cos) = Math.SinCos(2 * Math.PI * Uniform(ref key));
            target[i] = (float)(radius * cos);
            if (i + 1 < target.Length)
                target[i + 1] = (float)(radius * sin);
        }
    }

    /// <summary>From 0 up to but without 1.</summary>
    private static double Uniform(ref ulong state)
    {
        state += 0x9e3779b97f4a7c15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1ul << 53));
    }
}
