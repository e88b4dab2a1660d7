namespace TransferPipeline.TestKit;

/// <summary>
/// Golden numbers: the folders of one kind in <c>tests/Fixtures</c>, and those of the same kind in the further directory
/// that <c>TRANSFER_FIXTURES</c> names.
/// </summary>
public static class GoldenFolders
{
    /// <summary>All folders of that name; the first is the repository's own where it holds one.</summary>
    public static IReadOnlyList<string> Of(string kind)
    {
        string?[] roots =
        [
            Path.Combine(RepositoryRoot, "tests", "Fixtures"),
            Environment.GetEnvironmentVariable("TRANSFER_FIXTURES"),
        ];
        return
        [
            .. roots
                .Where(root => !string.IsNullOrEmpty(root))
                .Select(root => Path.Combine(root!, kind))
                .Where(Directory.Exists),
        ];
    }

    /// <summary>The folder that holds <c>TransferPipeline.sln</c>.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "TransferPipeline.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException("No TransferPipeline.sln above the test's folder.");
    }
}
