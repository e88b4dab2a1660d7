using Microsoft.Extensions.DependencyInjection;
using TransferPipeline.Contracts;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Orchestration.Triggers;
using TransferPipeline.Standalone.Commands;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Desks;

/// <summary>The pipeline of this process.</summary>
internal sealed class LocalDesk(CommandContext context) : IStudyDesk
{
    private readonly EmbeddedPipeline _pipeline = EmbeddedPipeline.Create(context);

    private RunDesk Runs => _pipeline.Runs;

    private ScenarioShelf Scenarios => _pipeline.Services.GetRequiredService<ScenarioShelf>();

    public Task<ImportResult> IngestAsync(ImportRequest request, CancellationToken cancellation) =>
        _pipeline.Services.GetRequiredService<DatasetImporter>().ImportAsync(request, progress: null, cancellation);

    public Task<ModelDocument> ImportModelAsync(
        string folder,
        string? name,
        string? source,
        CancellationToken cancellation
    ) => _pipeline.Models.ImportAsync(folder, name, source, cancellation);

    public Task<IReadOnlyList<DatasetDocument>> DatasetsAsync(CancellationToken cancellation) =>
        _pipeline.Catalogue.DatasetsAsync(cancellation);

    public Task<IReadOnlyList<ModelDocument>> ModelsAsync(CancellationToken cancellation) =>
        _pipeline.Catalogue.ModelsAsync(cancellation);

    public async Task<Stream> OpenAsync(ArtefactRef artefact, CancellationToken cancellation)
    {
        try
        {
            var artefacts = _pipeline.Services.GetRequiredService<IArtefacts>();
            return File.OpenRead(await artefacts.GetFileAsync(artefact, cancellation));
        }
        catch (MissingArtefactException missing)
        {
            throw new BadInputException(missing.Message);
        }
    }

    public Task<IReadOnlyList<RunDocument>> RunsAsync(CancellationToken cancellation) => Runs.ListAsync(cancellation);

    public Task<RunDocument> RunAsync(string run, CancellationToken cancellation) => Runs.GetAsync(run, cancellation);

    public Task<IReadOnlyList<StepDocument>> StepsAsync(string run, CancellationToken cancellation) =>
        Runs.StepsAsync(run, cancellation);

    public Task<RunReport?> ReportAsync(string run, CancellationToken cancellation) =>
        _pipeline.Reports.FindAsync(run, cancellation);

    public Task<RunDocument> SubmitAsync(RunRequest request, CancellationToken cancellation) =>
        Runs.SubmitAsync(request with { Owner = RunOwner.Current() }, _pipeline.Inputs, cancellation);

    public Task<RunDocument> ResumeAsync(string run, CancellationToken cancellation) =>
        Runs.ResumeAsync(run, RunOwner.Current(), cancellation);

    public Task<RunDocument> RetryAsync(string run, string? step, CancellationToken cancellation) =>
        Runs.RetryAsync(run, step, RunOwner.Current(), cancellation);

    public Task<RunDocument> CancelAsync(string run, CancellationToken cancellation) =>
        Runs.CancelAsync(run, cancellation);

    public Task<CleanResult> CleanAsync(string olderThan, bool dryRun, CancellationToken cancellation) =>
        Runs.CleanAsync(CleanCommand.Age(olderThan), dryRun, cancellation);

    public Task<IReadOnlyList<RegisteredScenario>> ScenariosAsync(CancellationToken cancellation) =>
        Scenarios.ListAsync(cancellation);

    public Task<RegisteredScenario> AddScenarioAsync(string source, string fileName, CancellationToken cancellation) =>
        Scenarios.AddAsync(source, fileName, cancellation);

    public Task RemoveScenarioAsync(string name, CancellationToken cancellation) =>
        Scenarios.RemoveAsync(name, cancellation);

    public async Task<int> FollowAsync(RunDocument run, string? output, CancellationToken cancellation) =>
        await RunFollower.FollowAsync(context, _pipeline, run, cancellation)
            ? await RunConclusion.ShowAsync(context, this, run.Id, output, cancellation)
            : Terminals.ExitCode.Cancelled;

    public ValueTask DisposeAsync() => _pipeline.DisposeAsync();
}
