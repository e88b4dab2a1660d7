using System.IO.Hashing;
using System.Text;

namespace TransferPipeline.Datasets;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same numbers on every machine. A purpose gives one seed several
/// independent sequences, so that drawing more for one purpose changes nothing for another.
/// </summary>
public sealed class SeededRandom(long seed, string purpose)
{
    private ulong _state = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(purpose), seed);

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number of at least 0 and below 1, with 53 random bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to below the limit, each equally likely.</summary>
    public int Next(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        // Lemire, ACM TOMACS 2019: the few products that would favour small numbers are drawn again.
        var threshold = (0 - (ulong)limit) % (ulong)limit;
        ulong low,
            high;
        do high = Math.BigMul(Next(), (ulong)limit, out low);
        while (low < threshold);
        return (int)high;
    }

    /// <summary>Puts the items into a random order; the first k do not depend on how many are asked for later.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var at = 0; at < items.Length - 1; at++)
        {
            var other = at + Next(items.Length - at);
            (items[at], items[other]) = (items[other], items[at]);
        }
    }
}
