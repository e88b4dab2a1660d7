using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Compute;

/// <summary>Takes the products of some rows with all others: <c>products</c> is (rows from <paramref name="first"/> on, others).</summary>
public delegate void ProductsUse(int first, ReadOnlySpan<float> products);

/// <summary>
/// Dense rows to be multiplied with others. They lie in blocks, each of which is multiplied on one thread: equal bytes
/// whatever the number of threads.
/// </summary>
public sealed class RowBlocks : IDisposable
{
    /// <summary>Few enough that a block's products stay in the cache, enough that a product runs at full speed.</summary>
    private const int MostRows = 1024;

    private static readonly ComputeOptions OneThread = new(1);

    private readonly Tensor[] _blocks; // (≤ MostRows, D), each aligned by libtorch

    /// <param name="values">(N, D), row after row.</param>
    public RowBlocks(ReadOnlySpan<float> values, int width)
    {
        OneThread.Apply();
        (Width, Count) = (width, values.Length / width);
        _blocks = new Tensor[(Count + MostRows - 1) / MostRows];
        for (var block = 0; block < _blocks.Length; block++)
            _blocks[block] = Copy(
                values.Slice(block * MostRows * width, Math.Min(MostRows, Count - block * MostRows) * width),
                width
            );
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Numbers in a row.</summary>
    public int Width { get; }

    /// <summary>Multiplies every row with every one of the others.</summary>
    /// <param name="others">(K, D), row after row.</param>
    /// <param name="use">Called once for each block, by several threads at a time.</param>
    public void Multiply(
        ReadOnlySpan<float> others,
        int threads,
        ProductsUse use,
        CancellationToken cancellation = default
    )
    {
        OneThread.Apply();
        var count = others.Length / Width;
        using var given = Copy(others, Width);
        using var columns = given.t(); // (D, K)
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(
            0,
            _blocks.Length,
            options,
            () =>
            {
                OneThread.Apply();
                return empty(MostRows, count);
            },
            (block, _, products) =>
            {
                using var rows = products.narrow(0, 0, _blocks[block].shape[0]);
                rows.addmm_(_blocks[block], columns, beta: 0, alpha: 1);
                use(block * MostRows, MemoryMarshal.Cast<byte, float>(rows.bytes));
                return products;
            },
            products => products.Dispose()
        );
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
            block.Dispose();
    }

    private static Tensor Copy(ReadOnlySpan<float> values, int width)
    {
        var rows = empty(values.Length / width, width);
        values.CopyTo(MemoryMarshal.Cast<byte, float>(rows.bytes));
        return rows;
    }
}
