using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Hosting.Http.Uploads;

/// <summary>The files of one upload in a folder of their own, which goes with this.</summary>
public sealed class UploadedFiles : IDisposable
{
    private readonly List<UploadedFile> _files = [];

    internal UploadedFiles(string folder) => Folder = folder;

    /// <summary>The folder; each file lies in a numbered one of its own below it.</summary>
    public string Folder { get; }

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<UploadedFile> All => _files;

    /// <summary>The problems of an import, with the files called as the caller called them.</summary>
    public BadInputException AsTheCallerSeesIt(BadInputException wrong) => new([.. wrong.Problems.Select(Seen)]);

    /// <summary>Takes the folders of this machine out of a text.</summary>
    public string Seen(string text)
    {
        foreach (var file in _files)
            text = text.Replace(file.Path, file.Name, StringComparison.Ordinal);
        return text.Replace(Folder, "upload", StringComparison.Ordinal);
    }

    public void Dispose() => ScratchFolders.Delete(Folder);

    /// <summary>Where the next file goes.</summary>
    internal UploadedFile Add(string field, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, $"{_files.Count}"));
        var file = new UploadedFile(field, name, Path.Combine(folder.FullName, name));
        _files.Add(file);
        return file;
    }
}
