using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Synthesis.Clustering;

/// <summary>
/// Mini-batch K-Means (Sculley 2010): each centroid is the mean of the points that batches have given it so far. For more
/// points than an exact clustering has time for.
/// </summary>
internal sealed class MiniBatches(int threads, CancellationToken cancellation)
{
    private const int Batch = 4096;
    private const int Epochs = 5;

    public Partition Fit(DenseRows points, DenseRows seeds, SeededRandom random, Assignment whole)
    {
        var centroids = new DenseRows((float[])seeds.Values.Clone(), seeds.Width);
        int[] order = [.. Enumerable.Range(0, points.Count)];
        var moves = 0;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle<int>(order);
            // What earlier epochs gave counts as one batch: a centroid may still move.
            var given = new long[centroids.Count];
            foreach (var some in order.Chunk(Batch))
            {
                cancellation.ThrowIfCancellationRequested();
                Move(points.Select(some), centroids, given);
                moves++;
            }
            for (var cluster = 0; cluster < given.Length; cluster++)
                if (given[cluster] == 0)
                    points[random.Next(points.Count)].CopyTo(Row(centroids, cluster));
        }

        var of = new int[points.Count];
        var distances = new float[points.Count];
        whole.Assign(centroids, of, distances);
        whole.FillEmpty(of, distances, centroids.Count);
        return whole.Finish(whole.Sums(centroids.Count).Means(of), moves);
    }

    private void Move(DenseRows batch, DenseRows centroids, long[] given)
    {
        using var blocks = new RowBlocks(batch.Values, batch.Width);
        var of = new int[batch.Count];
        new Assignment(batch, blocks, threads, cancellation).Assign(centroids, of, new float[batch.Count]);
        for (var point = 0; point < of.Length; point++)
        {
            var rate = 1f / ++given[of[point]];
            var centroid = Row(centroids, of[point]);
            var row = batch[point];
            for (var column = 0; column < row.Length; column++)
                centroid[column] += rate * (row[column] - centroid[column]);
        }
    }

    private static Span<float> Row(DenseRows rows, int row) => rows.Values.AsSpan(row * rows.Width, rows.Width);
}
