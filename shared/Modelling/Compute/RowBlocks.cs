using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Compute;

/// <summary>Takes the products of some rows with all others: <c>products</c> is (rows from <paramref name="first"/> on, others).</summary>
public delegate void ProductsUse(int first, ReadOnlySpan<float> products);

/// <summary>Chooses rows of a block: writes their numbers, ascending, and returns how many.</summary>
/// <param name="first">The block's first row.</param>
/// <param name="chosen">As long as the block.</param>
public delegate int RowsChoice(int first, Span<int> chosen);

/// <summary>Takes the products of chosen rows with all others: <c>products</c> is (rows, others).</summary>
public delegate void ChosenProductsUse(ReadOnlySpan<int> rows, ReadOnlySpan<float> products);

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
    ) =>
        ForEach(
            others,
            threads,
            (block, factors, space) =>
            {
                using var products = Product(_blocks[block], factors, space);
                use(block * MostRows, Numbers(products));
            },
            cancellation
        );

    /// <summary>Multiplies chosen rows with every one of the others.</summary>
    /// <param name="others">(K, D), row after row.</param>
    /// <param name="choose">Called once for each block, by several threads at a time, as is <paramref name="use"/>.</param>
    public void Multiply(
        ReadOnlySpan<float> others,
        int threads,
        RowsChoice choose,
        ChosenProductsUse use,
        CancellationToken cancellation = default
    ) =>
        ForEach(
            others,
            threads,
            (block, factors, space) =>
            {
                var all = space.Chosen.AsSpan(0, (int)_blocks[block].shape[0]);
                var chosen = all[..choose(block * MostRows, all)];
                if (chosen.Length == 0)
                    return;
                using var rows = chosen.Length == all.Length ? _blocks[block].alias() : Gather(block, chosen, space);
                using var products = Product(rows, factors, space);
                use(chosen, Numbers(products));
            },
            cancellation
        );

    private void ForEach(
        ReadOnlySpan<float> others,
        int threads,
        Action<int, Tensor, Workspace> multiply,
        CancellationToken cancellation
    )
    {
        OneThread.Apply();
        var count = others.Length / Width;
        using var factors = Copy(others, Width); // (K, D)
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(
            0,
            _blocks.Length,
            options,
            () =>
            {
                OneThread.Apply();
                return new Workspace(count, Width);
            },
            (block, _, space) =>
            {
                multiply(block, factors, space);
                return space;
            },
            space => space.Dispose()
        );
    }

    private static Tensor Product(Tensor rows, Tensor factors, Workspace space) // (N, D), (K, D) → (N, K)
    {
        if (ConvolvedMap.Pays(rows.shape[0], factors))
            return ConvolvedMap.Of(rows, factors, bias: null);
        using var columns = factors.t();
        var products = space.Products.narrow(0, 0, rows.shape[0]);
        products.addmm_(rows, columns, beta: 0, alpha: 1);
        return products;
    }

    private Tensor Gather(int block, ReadOnlySpan<int> rows, Workspace space)
    {
        var from = Numbers(_blocks[block]);
        var to = Numbers(space.Rows);
        for (var at = 0; at < rows.Length; at++)
            from.Slice((rows[at] - block * MostRows) * Width, Width).CopyTo(to[(at * Width)..]);
        return space.Rows.narrow(0, 0, rows.Length);
    }

    private static Span<float> Numbers(Tensor rows) => MemoryMarshal.Cast<byte, float>(rows.bytes);

    public void Dispose()
    {
        foreach (var block in _blocks)
            block.Dispose();
    }

    private static Tensor Copy(ReadOnlySpan<float> values, int width)
    {
        var rows = empty(values.Length / width, width);
        values.CopyTo(Numbers(rows));
        return rows;
    }

    /// <summary>What one thread writes to.</summary>
    private sealed class Workspace(int others, int width) : IDisposable
    {
        private Tensor? _rows;

        /// <summary>(≤ MostRows, others).</summary>
        public Tensor Products { get; } = empty(MostRows, others);

        /// <summary>(≤ MostRows, D), made where it is needed.</summary>
        public Tensor Rows => _rows ??= empty(MostRows, width);

        public int[] Chosen { get; } = new int[MostRows];

        public void Dispose()
        {
            Products.Dispose();
            _rows?.Dispose();
        }
    }
}
