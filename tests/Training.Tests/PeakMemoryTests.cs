using System.Runtime.InteropServices;

namespace TransferPipeline.Training.Tests;

public sealed class When_memory_is_watched
{
    private const int Blocks = 2000;

    // Below the size from which glibc asks the system for each block: freed ones stay with the allocator.
    private static readonly byte[] Block = [.. Enumerable.Repeat((byte)1, 100_000)];

    [Fact]
    public void What_is_taken_counts_and_what_was_taken_before_does_not()
    {
        const double all = 100_000.0 * Blocks;
        Assert.InRange(MostWith(Blocks), all * 0.9, all * 1.5);
        Assert.InRange(MostWith(0), 0, all * 0.4);
        Assert.InRange(MostWith(Blocks), all * 0.9, all * 1.5);
    }

    private static long MostWith(int blocks)
    {
        using var memory = new PeakMemory();
        var taken = new List<nint>();
        for (var block = 0; block < blocks; block++)
        {
            taken.Add(Marshal.AllocHGlobal(Block.Length));
            Marshal.Copy(Block, 0, taken[^1], Block.Length);
        }
        var most = memory.Bytes;
        taken.ForEach(Marshal.FreeHGlobal);
        return most;
    }
}
