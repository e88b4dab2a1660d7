using System.Runtime.Intrinsics;
using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Layers;

/// <summary>
/// Dropout masks that depend on the seed, the update and the number of the call within it, and on nothing else: training
/// that resumes at an update needs no state, and trainings side by side do not disturb each other.
/// </summary>
public sealed class DropoutMasks(long seed)
{
    private ulong _update;
    private ulong _call;

    /// <summary>The masks asked for from here on belong to that update.</summary>
    public void Begin(long update) => (_update, _call) = ((ulong)update, 0);

    /// <summary>A rate in steps of 1/65536; 0 where it rounds to none.</summary>
    internal static int Threshold(double rate)
    {
        if (rate is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A dropout rate is at least 0 and below 1.");
        return Math.Min((int)Math.Round(rate * 65536), 65535);
    }

    /// <summary>0 with a probability of <paramref name="threshold"/>/65536, otherwise what keeps the mean at 1.</summary>
    internal Tensor Next(long[] shape, int threshold, ScalarType type, Device device)
    {
        if (type == ScalarType.Float32 && device.type == TorchSharp.DeviceType.CPU)
            return Filled(shape, type, NextKey(), threshold, Scale(threshold));

        using var kept = Kept(shape, threshold, device);
        return kept.to(type).mul_(Scalars.Of(Scale(threshold)));
    }

    /// <summary>False with a probability of <paramref name="threshold"/>/65536, the same on every device.</summary>
    internal Tensor Kept(long[] shape, int threshold, Device device) =>
        device.type == TorchSharp.DeviceType.CPU
            ? Filled<byte>(shape, ScalarType.Bool, NextKey(), threshold, scale: 1)
            : MaskKernel.Next(shape, NextKey(), threshold, device);

    /// <summary>What is kept times this has the mean of the whole.</summary>
    internal static float Scale(int threshold) => 65536f / (65536 - threshold);

    private ulong NextKey() => Mix(Mix(Mix((ulong)seed) ^ _update) ^ _call++);

    /// <summary><paramref name="scale"/> where an element is kept, 0 elsewhere.</summary>
    internal static unsafe Tensor Filled<T>(long[] shape, ScalarType type, ulong key, int threshold, T scale)
        where T : unmanaged
    {
        var mask = empty(shape, type);
        fixed (byte* target = mask.bytes)
            Fill((T*)target, mask.numel(), key, (ushort)threshold, scale);
        return mask;
    }

    /// <summary>Element i is decided by half i % 2 of the hash of i / 2, whatever the width of the vectors.</summary>
    /// <typeparam name="T"><c>float</c> or <c>byte</c>.</typeparam>
    private static unsafe void Fill<T>(T* target, long count, ulong key, ushort threshold, T scale)
        where T : unmanaged
    {
        var first = (uint)key;
        var second = (uint)(key >> 32);
        var least = Vector256.Create(threshold);
        var counter = Vector256<uint>.Indices + Vector256.Create(first);
        var step = Vector256.Create((uint)Vector256<uint>.Count);

        long i = 0;
        for (; i <= count - Vector256<ushort>.Count; i += Vector256<ushort>.Count, counter += step)
            Store(target + i, Vector256.GreaterThanOrEqual(Hash(counter, second).AsUInt16(), least).AsInt16(), scale);

        var last = Hash(counter, second).AsUInt16();
        for (var lane = 0; i < count; i++, lane++)
            target[i] = last[lane] >= threshold ? scale : default;
    }

    private static unsafe void Store<T>(T* target, Vector256<short> keep, T scale)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            var kept = Vector256.Create(BitConverter.SingleToInt32Bits((float)(object)scale));
            (Vector256.WidenLower(keep) & kept).AsSingle().Store((float*)target);
            (Vector256.WidenUpper(keep) & kept).AsSingle().Store((float*)target + Vector256<int>.Count);
        }
        else
        {
            var bytes = Vector128.Narrow(keep.GetLower().AsUInt16(), keep.GetUpper().AsUInt16());
            (bytes & Vector128.Create((byte)(object)scale)).Store((byte*)target);
        }
    }

    /// <summary>Two rounds of a bijective 32-bit mixer (constants: Chris Wellons, hash-prospector), the key in between.</summary>
    private static Vector256<uint> Hash(Vector256<uint> x, uint key)
    {
        x ^= x >> 16;
        x *= 0x7feb352du;
        x ^= x >> 15;
        x *= 0x846ca68bu;
        x ^= x >> 16;
        x ^= Vector256.Create(key);
        x *= 0x7feb352du;
        x ^= x >> 15;
        x *= 0x846ca68bu;
        return x ^ (x >> 16);
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
