namespace TransferPipeline.Modelling.Training;

/// <summary>
/// Which examples each update reads: every epoch in a new random order, batches of similar length inside windows of it.
/// A pure function of seed and update, so the number of updates done is the position in the data.
/// </summary>
/// <remarks>
/// Grouping by length saves padding but lets a short text meet only short ones; a window is therefore at most a quarter
/// of an epoch, so that small sets mix freely.
/// </remarks>
public sealed class BatchOrder
{
    private readonly IReadOnlyList<int> _lengths;
    private readonly int _batch;
    private readonly int _window;
    private readonly long _seed;
    private long _epoch = -1;
    private int[][] _batches = [];

    /// <param name="lengths">Tokens of each example.</param>
    /// <param name="window">Batches in a window; 1 groups nothing.</param>
    public BatchOrder(IReadOnlyList<int> lengths, int batch, int window, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lengths.Count);
        _lengths = lengths;
        _batch = batch;
        _seed = seed;
        PerEpoch = (lengths.Count + batch - 1) / batch;
        _window = Math.Clamp(PerEpoch / 4, 1, window);
    }

    /// <summary>Updates in one pass over the examples; the last batch may be smaller.</summary>
    public int PerEpoch { get; }

    /// <summary>Row numbers of the batch of one update, counted from 0.</summary>
    public IReadOnlyList<int> At(long update)
    {
        var epoch = update / PerEpoch;
        if (epoch != _epoch)
            (_epoch, _batches) = (epoch, Epoch(epoch));
        return _batches[update % PerEpoch];
    }

    private int[][] Epoch(long epoch)
    {
        var random = new CounterRandom(_seed, "order", epoch);
        var rows = Enumerable.Range(0, _lengths.Count).ToArray();
        random.Shuffle(rows.AsSpan());
        if (_window == 1)
            return [.. rows.Chunk(_batch)];

        return
        [
            .. rows.Chunk(_batch * _window)
                .SelectMany(window =>
                {
                    // OrderBy is stable: rows of equal length stay in their random order.
                    var batches = window.OrderBy(row => _lengths[row]).Chunk(_batch).ToArray();
                    random.Shuffle(batches.AsSpan());
                    return batches;
                }),
        ];
    }
}
