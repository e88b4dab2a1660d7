using System.Text;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// Random numbers by position: number n of a stream is a fixed function of the stream's key and n, so a position is all
/// there is to save, and nobody else's draws can move it.
/// </summary>
/// <remarks>
/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): the finaliser
/// <c>mix64</c> (Stafford's variant 13) of <c>key + (n + 1) · 0x9E3779B97F4A7C15</c>. A stream's key is made by folding
/// seed, purpose and position through the same finaliser, so streams of one seed are unrelated.
/// </remarks>
public sealed class CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _key;

    /// <summary>The stream of a seed for one purpose (<c>order</c>, <c>masks</c>, …) at one place (an epoch, an update).</summary>
    public CounterRandom(long seed, string purpose, params ReadOnlySpan<long> place)
    {
        var key = Mix((ulong)seed + Golden);
        foreach (var letter in Encoding.UTF8.GetBytes(purpose))
            key = Mix(key ^ letter + Golden);
        foreach (var coordinate in place)
            key = Mix(key ^ (ulong)coordinate + Golden);
        _key = key;
    }

    /// <summary>How many numbers were drawn.</summary>
    public ulong Position { get; set; }

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_key + ++Position * Golden);

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number in [0, <paramref name="end"/>), without bias (Lemire, 2019).</summary>
    public int NextInt(int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(end);
        var high = Math.BigMul(Next(), (ulong)end, out var low);
        if (low >= (ulong)end)
            return (int)high; // nearly always, and without a division
        var reject = (0UL - (ulong)end) % (ulong)end;
        while (low < reject)
            high = Math.BigMul(Next(), (ulong)end, out low);
        return (int)high;
    }

    /// <summary>Puts the items into a random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
