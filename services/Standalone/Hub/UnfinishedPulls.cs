namespace TransferPipeline.Standalone.Hub;

/// <summary>What pulls have fetched of models that were never stored.</summary>
/// <param name="downloads">The folder of all pulls; it need not be there.</param>
internal sealed class UnfinishedPulls(string downloads, TimeProvider time)
{
    /// <summary>Takes away those that nobody has written to for that long; returns how many and their bytes.</summary>
    public (int Pulls, long Bytes) Clean(TimeSpan olderThan, bool dryRun)
    {
        var before = time.GetUtcNow().UtcDateTime - olderThan;
        var old = Directory.Exists(downloads)
            ? new DirectoryInfo(downloads).EnumerateDirectories().Where(pull => LastWrite(pull) <= before).ToList()
            : [];
        var bytes = old.SelectMany(Files).Sum(file => file.Length);
        if (!dryRun)
            foreach (var pull in old)
                pull.Delete(recursive: true);
        return (old.Count, bytes);
    }

    private static DateTime LastWrite(DirectoryInfo pull) =>
        Files(pull).Select(file => file.LastWriteTimeUtc).Append(pull.LastWriteTimeUtc).Max();

    private static IEnumerable<FileInfo> Files(DirectoryInfo pull) =>
        pull.EnumerateFiles("*", SearchOption.AllDirectories);
}
