namespace TransferPipeline.Ingestion.Inbox;

/// <summary>A file or folder in the inbox as it looked at one moment; equal where nothing moved.</summary>
/// <param name="State">Names, sizes and times of all that is in it.</param>
/// <param name="IsUnfinished">Something in it is still being written: its name ends in <c>.part</c>.</param>
/// <param name="Link">A link in it; whoever could write here would have any file of the machine read.</param>
internal sealed record Drop(string Name, string Path, string State, bool IsUnfinished, string? Link)
{
    public const string Unfinished = ".part";

    /// <summary>What lies in the folder, by name; hidden entries and the inbox's own folders are no drops.</summary>
    public static IReadOnlyList<Drop> In(string inbox) =>
        [
            .. new DirectoryInfo(inbox)
                .EnumerateFileSystemInfos()
                .Where(entry =>
                    !entry.Name.StartsWith('.') && entry.Name is not (InboxFolder.Done or InboxFolder.Refused)
                )
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .Select(Of),
        ];

    private static Drop Of(FileSystemInfo entry)
    {
        var all = Everything(entry).ToList();
        return new Drop(
            entry.Name,
            entry.FullName,
            string.Join('\n', all.Select(one => $"{one.FullName} {Size(one)} {one.LastWriteTimeUtc.Ticks}")),
            all.Any(one => one.Name.EndsWith(Unfinished, StringComparison.OrdinalIgnoreCase)),
            all.FirstOrDefault(one => one.LinkTarget is not null)?.Name
        );
    }

    private static IEnumerable<FileSystemInfo> Everything(FileSystemInfo entry) =>
        entry is DirectoryInfo { LinkTarget: null } folder
            ? folder
                .EnumerateFileSystemInfos()
                .OrderBy(inner => inner.Name, StringComparer.Ordinal)
                .SelectMany(Everything)
                .Prepend(folder)
            : [entry];

    private static long Size(FileSystemInfo entry) => entry is FileInfo { LinkTarget: null } file ? file.Length : 0;
}
