using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone;

/// <summary>The reports of runs, by their run.</summary>
internal sealed class RunReports(RunDesk runs, IArtefacts artefacts)
{
    /// <summary>The report of a run, or null while there is none.</summary>
    public async Task<RunReport?> FindAsync(string run, CancellationToken cancellation)
    {
        var files = FilesOf(await runs.StepsAsync(run, cancellation));
        return files is null
            ? null
            : new RunReport(
                files,
                async (artefact, stop) => File.OpenRead(await artefacts.GetFileAsync(artefact, stop))
            );
    }

    /// <summary>Names and artefacts of the report's files, or null while there are none.</summary>
    public static IReadOnlyDictionary<string, string>? FilesOf(IReadOnlyList<StepDocument> steps) =>
        steps.LastOrDefault(step => step.Uses == "report")?.Output?.Files;
}

/// <summary><c>report.json</c>, <c>report.md</c> and <c>report.html</c> of one run.</summary>
/// <param name="files">Names and artefacts.</param>
internal sealed class RunReport(
    IReadOnlyDictionary<string, string> files,
    Func<ArtefactRef, CancellationToken, Task<Stream>> open
)
{
    /// <summary>The text of <c>report.json</c>.</summary>
    public async Task<string> ReadJsonAsync(CancellationToken cancellation)
    {
        using var text = new StreamReader(await open(new ArtefactRef(files["report.json"]), cancellation));
        return await text.ReadToEndAsync(cancellation);
    }

    /// <summary>Copies the files into a folder and returns its full path.</summary>
    public async Task<string> CopyAsync(string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, hash) in files)
        {
            await using var from = await open(new ArtefactRef(hash), cancellation);
            await using var to = File.Create(Path.Combine(folder, name));
            await from.CopyToAsync(to, cancellation);
        }
        return Path.GetFullPath(folder);
    }
}
