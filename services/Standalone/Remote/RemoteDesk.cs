using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Orchestration.Triggers;
using TransferPipeline.Standalone.Desks;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;
using TransferPipeline.Training.Importing;

namespace TransferPipeline.Standalone.Remote;

/// <summary>The pipeline behind a server's API.</summary>
internal sealed class RemoteDesk(CommandContext context, ApiClient api, TimeProvider time) : IStudyDesk
{
    private const string Registered = "api/scenarios";

    public async Task<ImportResult> IngestAsync(ImportRequest request, CancellationToken cancellation)
    {
        var notes = new List<string>();
        var files = ImportFiles.Of(request, notes);
        foreach (var missing in files.Where(file => !File.Exists(file.Path)))
            throw new BadInputException($"{missing.Path}: there is no such file");
        var stored = await api.PostAsync<StoredDataset>(
            "api/datasets" + DatasetQuery.Of(request),
            () => Upload.Parts(files.Select(file => (file.Split, file.Path))),
            cancellation
        );
        var document = await api.GetAsync<DatasetDocument>($"api/datasets/{Escaped(stored.Id)}", cancellation);
        var statistics = stored.Statistics with { Notes = [.. notes, .. stored.Statistics.Notes] };
        return new ImportResult(document, statistics, stored.IsNew);
    }

    public Task<ModelDocument> ImportModelAsync(
        string folder,
        string? name,
        string? source,
        CancellationToken cancellation
    )
    {
        var files = ModelImporter.FilesIn(folder);
        name ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return api.PostAsync<ModelDocument>(
            $"api/models?name={Escaped(name)}{(source is null ? "" : $"&source={Escaped(source)}")}",
            () => Upload.Parts(files.Select(file => (Path.GetFileName(file), file))),
            cancellation
        );
    }

    public Task<IReadOnlyList<DatasetDocument>> DatasetsAsync(CancellationToken cancellation) =>
        api.GetAsync<IReadOnlyList<DatasetDocument>>("api/datasets", cancellation);

    public Task<IReadOnlyList<ModelDocument>> ModelsAsync(CancellationToken cancellation) =>
        api.GetAsync<IReadOnlyList<ModelDocument>>("api/models", cancellation);

    public Task<Stream> OpenAsync(ArtefactRef artefact, CancellationToken cancellation) =>
        api.OpenAsync($"api/artefacts/{artefact.Hash}", cancellation);

    public Task<IReadOnlyList<RunDocument>> RunsAsync(CancellationToken cancellation) =>
        api.GetAsync<IReadOnlyList<RunDocument>>("api/runs", cancellation);

    public Task<RunDocument> RunAsync(string run, CancellationToken cancellation) =>
        api.GetAsync<RunDocument>(At(run), cancellation);

    public Task<IReadOnlyList<StepDocument>> StepsAsync(string run, CancellationToken cancellation) =>
        api.GetAsync<IReadOnlyList<StepDocument>>(At(run) + "/steps", cancellation);

    public async Task<RunReport?> ReportAsync(string run, CancellationToken cancellation)
    {
        var files = RunReports.FilesOf(await StepsAsync(run, cancellation));
        return files is null ? null : new RunReport(files, OpenAsync);
    }

    public async Task<RunDocument> SubmitAsync(RunRequest request, CancellationToken cancellation)
    {
        var resolved = await new RemoteInputs(this, StoreAsync).ResolveAsync(request, cancellation);
        return await api.PostJsonAsync<RunDocument>(
            "api/runs",
            new
            {
                Scenario = resolved.Source,
                Set = resolved.Overrides,
                resolved.NoCache,
                resolved.Device,
                resolved.Precision,
            },
            cancellation
        );
    }

    public Task<RunDocument> ResumeAsync(string run, CancellationToken cancellation) =>
        api.PostAsync<RunDocument>(At(run) + "/resume", null, cancellation);

    public Task<RunDocument> RetryAsync(string run, string? step, CancellationToken cancellation) =>
        api.PostJsonAsync<RunDocument>(At(run) + "/retry", new { Step = step }, cancellation);

    public Task<RunDocument> CancelAsync(string run, CancellationToken cancellation) =>
        api.PostAsync<RunDocument>(At(run) + "/cancel", null, cancellation);

    public Task<CleanResult> CleanAsync(string olderThan, bool dryRun, CancellationToken cancellation) =>
        api.PostJsonAsync<CleanResult>("api/clean", new { OlderThan = olderThan, DryRun = dryRun }, cancellation);

    public Task<IReadOnlyList<RegisteredScenario>> ScenariosAsync(CancellationToken cancellation) =>
        api.GetAsync<IReadOnlyList<RegisteredScenario>>(Registered, cancellation);

    public Task<RegisteredScenario> AddScenarioAsync(string source, string fileName, CancellationToken cancellation) =>
        api.PostJsonAsync<RegisteredScenario>(Registered, new { Scenario = source, FileName = fileName }, cancellation);

    public Task RemoveScenarioAsync(string name, CancellationToken cancellation) =>
        api.DeleteAsync($"{Registered}/{Escaped(name)}", cancellation);

    public async Task<int> FollowAsync(RunDocument run, string? output, CancellationToken cancellation)
    {
        context.Terminal.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Run {run.Id} of scenario {run.Scenario}: {run.Steps.Count} steps."
            )
        );
        if (await RemoteFollower.FollowAsync(context, this, api, run, time, cancellation))
            return await RunConclusion.ShowAsync(context, this, run.Id, output, cancellation);
        context.Terminal.Complain(
            $"Run {run.Id} goes on without being watched; 'transfer steps {run.Id}' shows it, 'transfer cancel {run.Id}' stops it (with the same --server)."
        );
        return ExitCode.Cancelled;
    }

    public ValueTask DisposeAsync()
    {
        api.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ArtefactRef> StoreAsync(string path, CancellationToken cancellation) =>
        new((await api.PostAsync<StoredFile>("api/artefacts", () => Upload.Bytes(path), cancellation)).Artefact);

    private static string At(string run) => "api/runs/" + Escaped(run);

    private static string Escaped(string text) => Uri.EscapeDataString(text);

    /// <summary>The answer to an upload.</summary>
    private sealed record StoredDataset(string Id, DatasetStatistics Statistics, bool IsNew);

    private sealed record StoredFile(string Artefact);
}
