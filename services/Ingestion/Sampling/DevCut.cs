using TransferPipeline.Datasets;

namespace TransferPipeline.Ingestion.Sampling;

/// <summary>Cuts selection data from train where no labelled dev split is free for it.</summary>
internal static class DevCut
{
    /// <summary>
    /// Rows of train, as many of each class as asked, that share no text, group or origin with a row outside the cut:
    /// neither with the sample nor with what stays behind or is already unlabelled.
    /// </summary>
    public static IReadOnlyList<int> Take(
        LabelledRows train,
        string trainPath,
        string? unlabelledPath,
        IEnumerable<int> sample,
        int[] counts,
        long seed
    )
    {
        using var clusters = new RowClusters();
        var rows = 0;
        foreach (var example in SplitReader.Read(trainPath))
            Add(clusters, rows++, example);
        foreach (var example in unlabelledPath is null ? [] : SplitReader.Read(unlabelledPath))
            Add(clusters, rows++, example);

        // Unlabelled rows are of class 0, of which nothing is asked: their clusters stay whole and uncut.
        ushort[] classes = [.. train.Classes, .. Enumerable.Repeat((ushort)0, rows - train.Rows)];
        var cut = new ClusterCut(clusters, classes);
        foreach (var row in sample)
            cut.Block(row);
        counts[0] = 0;
        return cut.Take(counts, new SeededRandom(seed, "dev cut from train"));
    }

    private static void Add(RowClusters clusters, int row, Example example)
    {
        clusters.Add(row, TextFingerprint.Of(example));
        clusters.Add(row, TextFingerprint.Of("id"u8, System.Text.Encoding.UTF8.GetBytes(example.Source ?? example.Id)));
        if (example.Group is not null)
            clusters.Add(row, TextFingerprint.Of("group"u8, System.Text.Encoding.UTF8.GetBytes(example.Group)));
    }
}
