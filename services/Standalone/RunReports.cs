using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Standalone;

/// <summary>The reports of runs, by their run.</summary>
internal sealed class RunReports(RunDesk runs, IArtefacts artefacts)
{
    /// <summary>The report of a run, or null while there is none.</summary>
    public async Task<RunReport?> FindAsync(string run, CancellationToken cancellation)
    {
        var steps = await runs.StepsAsync(run, cancellation);
        var files = steps.LastOrDefault(step => step.Uses == "report")?.Output?.Files;
        return files is null ? null : new RunReport(files, artefacts);
    }
}

/// <summary><c>report.json</c>, <c>report.md</c> and <c>report.html</c> of one run.</summary>
internal sealed class RunReport(IReadOnlyDictionary<string, string> files, IArtefacts artefacts)
{
    /// <summary>The text of <c>report.json</c>.</summary>
    public async Task<string> ReadJsonAsync(CancellationToken cancellation) =>
        await File.ReadAllTextAsync(
            await artefacts.GetFileAsync(new ArtefactRef(files["report.json"]), cancellation),
            cancellation
        );

    /// <summary>Copies the files into a folder and returns its full path.</summary>
    public async Task<string> CopyAsync(string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, hash) in files)
            File.Copy(
                await artefacts.GetFileAsync(new ArtefactRef(hash), cancellation),
                Path.Combine(folder, name),
                overwrite: true
            );
        return Path.GetFullPath(folder);
    }
}
