using TransferPipeline.Contracts;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Orchestration.Triggers;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Desks;

/// <summary>Where studies are handed in: the pipeline of this process, or a server.</summary>
internal interface IStudyDesk : IAsyncDisposable
{
    /// <summary>Stores a dataset of local files.</summary>
    Task<ImportResult> IngestAsync(ImportRequest request, CancellationToken cancellation);

    /// <summary>Stores a local folder in Hugging Face layout.</summary>
    /// <param name="source">Where it was fetched from; null where it was not.</param>
    Task<ModelDocument> ImportModelAsync(string folder, string? name, string? source, CancellationToken cancellation);

    /// <summary>By name, oldest content first.</summary>
    Task<IReadOnlyList<DatasetDocument>> DatasetsAsync(CancellationToken cancellation);

    /// <summary>By name, oldest registration first.</summary>
    Task<IReadOnlyList<ModelDocument>> ModelsAsync(CancellationToken cancellation);

    /// <summary>The bytes of an artefact.</summary>
    Task<Stream> OpenAsync(ArtefactRef artefact, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<RunDocument>> RunsAsync(CancellationToken cancellation);

    Task<RunDocument> RunAsync(string run, CancellationToken cancellation);

    /// <summary>Needed ones first.</summary>
    Task<IReadOnlyList<StepDocument>> StepsAsync(string run, CancellationToken cancellation);

    /// <summary>Null while there is none.</summary>
    Task<RunReport?> ReportAsync(string run, CancellationToken cancellation);

    /// <summary>Stores what the scenario names by paths, and starts a run.</summary>
    Task<RunDocument> SubmitAsync(RunRequest request, CancellationToken cancellation);

    Task<RunDocument> ResumeAsync(string run, CancellationToken cancellation);

    /// <param name="step">Null: all that did not complete.</param>
    Task<RunDocument> RetryAsync(string run, string? step, CancellationToken cancellation);

    Task<RunDocument> CancelAsync(string run, CancellationToken cancellation);

    /// <param name="olderThan">A number and s, m, h or d.</param>
    Task<CleanResult> CleanAsync(string olderThan, bool dryRun, CancellationToken cancellation);

    /// <summary>The scenarios that events start, by name.</summary>
    Task<IReadOnlyList<RegisteredScenario>> ScenariosAsync(CancellationToken cancellation);

    /// <param name="fileName">What messages call it.</param>
    Task<RegisteredScenario> AddScenarioAsync(string source, string fileName, CancellationToken cancellation);

    Task RemoveScenarioAsync(string name, CancellationToken cancellation);

    /// <summary>Shows a run to its end and puts its report into a folder.</summary>
    /// <returns>The exit code.</returns>
    Task<int> FollowAsync(RunDocument run, string? output, CancellationToken cancellation);
}
