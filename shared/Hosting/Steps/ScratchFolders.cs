using System.Globalization;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Empty folders for steps, below one folder per process; those of dead processes are removed at the start.</summary>
internal sealed class ScratchFolders
{
    private readonly string _own;

    public ScratchFolders(string root)
    {
        var process = RunOwner.Current();
        _own = Path.Combine(root, string.Join('_', process.BootId, process.ProcessId, process.ProcessStart));
        Directory.CreateDirectory(root);
        foreach (var folder in Directory.EnumerateDirectories(root).Where(IsLeftover))
            Delete(folder);
    }

    public string Create() => Directory.CreateDirectory(Path.Combine(_own, Guid.NewGuid().ToString("N"))).FullName;

    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A handler that did not stop in time still writes there; the next process removes it.
        }
    }

    private static bool IsLeftover(string folder) =>
        Path.GetFileName(folder).Split('_') is [var boot, var process, var start]
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && !new RunOwner(boot, id, start).IsAlive();
}
