using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Desks;

namespace TransferPipeline.Standalone.Models;

/// <summary>Writes a stored model's files into a folder as they are.</summary>
internal static class ModelExport
{
    /// <param name="folder">Missing or empty; it appears with all files, or not at all.</param>
    /// <returns>The folder's full path.</returns>
    /// <exception cref="BadInputException">The folder holds something, or a file is not what was stored.</exception>
    public static async Task<string> WriteAsync(
        IStudyDesk desk,
        ModelRef model,
        string folder,
        CancellationToken cancellation
    )
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new BadInputException($"{folder}: is there already; expected a new or an empty folder");

        var aside = $"{folder}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(aside);
            foreach (var (name, hash) in model.Files)
                await CopyAsync(desk, new ArtefactRef(hash), Place(aside, name), cancellation);
            if (Directory.Exists(folder))
                Directory.Delete(folder);
            Directory.Move(aside, folder);
            return folder;
        }
        catch (Exception wrong) when (wrong is UnauthorizedAccessException or IOException and not HttpIOException)
        {
            throw new BadInputException($"{folder}: {wrong.Message}");
        }
        finally
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
        }
    }

    /// <summary>Below the folder, whatever a server says.</summary>
    private static string Place(string folder, string name)
    {
        var path = Path.GetFullPath(Path.Combine(folder, name));
        return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new BadInputException($"The model has a file '{name}'; expected a name below its folder.");
    }

    private static async Task CopyAsync(
        IStudyDesk desk,
        ArtefactRef artefact,
        string path,
        CancellationToken cancellation
    )
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var from = await desk.OpenAsync(artefact, cancellation);
        await using var to = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        await from.CopyToAsync(to, cancellation);
        to.Position = 0;
        var arrived = await ContentHash.OfAsync(to, cancellation);
        if (arrived != artefact.Hash)
            throw new BadInputException(
                $"{Path.GetFileName(path)}: {arrived} arrived; expected {artefact.Hash}; nothing was written"
            );
    }
}
