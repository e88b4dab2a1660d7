namespace TransferPipeline.Modelling.Inference;

/// <summary>
/// Cuts sequences, sorted by length, into batches that pad little: of all ways to cut them the one with the fewest tokens, padding
/// and what a batch costs beside its tokens counted alike.
/// </summary>
internal static class LengthBatches
{
    public const int MostRows = 64;
    public const int MostTokens = 8192;

    /// <summary>Rows of each batch, the longest first, so that what does not fit in memory fails at once.</summary>
    /// <param name="lengths">Tokens of each sequence.</param>
    /// <param name="batchCost">What a batch costs however short it is, in tokens.</param>
    public static IEnumerable<int[]> Of(IReadOnlyList<int> lengths, int batchCost)
    {
        int[] rows = [.. Enumerable.Range(0, lengths.Count).OrderByDescending(row => lengths[row])];
        var ends = Ends([.. rows.Select(row => lengths[row])], batchCost);
        for (var from = 0; from < rows.Length; from = ends[from])
            yield return rows[from..ends[from]];
    }

    /// <summary>Where the batch that begins at each place ends, if the rest behind it is cut best.</summary>
    private static int[] Ends(int[] lengths, int batchCost)
    {
        var ends = new int[lengths.Length];
        var costs = new long[lengths.Length + 1];
        for (var from = lengths.Length - 1; from >= 0; from--)
        {
            var most = Math.Clamp(MostTokens / Math.Max(1, lengths[from]), 1, MostRows);
            costs[from] = long.MaxValue;
            for (var end = Math.Min(from + most, lengths.Length); end > from; end--)
            {
                var cost = batchCost + (long)(end - from) * lengths[from] + costs[end];
                if (cost < costs[from])
                    (costs[from], ends[from]) = (cost, end);
            }
        }
        return ends;
    }
}
