using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts;
using TransferPipeline.Evaluation;
using TransferPipeline.Hosting;
using TransferPipeline.Ingestion;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Orchestration;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;
using TransferPipeline.Training;
using TransferPipeline.Training.Importing;

namespace TransferPipeline.Distributed.Tests;

/// <summary>Hands a small study of real steps in and reads its report; works on steps itself only once started.</summary>
internal sealed class StudyDesk : IAsyncDisposable
{
    /// <summary>Two cells, nine steps.</summary>
    public const string SmallStudy = """
        name: small-study
        inputs: { dataset: reviews, model: tiny-bert }
        matrix: { seed: [13, 21] }
        steps:
          few:    { uses: sample,    with: { dataset: "${inputs.dataset}", perClass: 16, dev: none, seed: "${matrix.seed}" } }
          svm:    { uses: baseline,  with: { algorithm: linear-svm, dataset: "${steps.few}" } }
          tuned:  { uses: fine-tune, with: { model: "${inputs.model}", weights: random, dataset: "${steps.few}", updates: 60, maxTokens: 32, checkpointEvery: 10, seed: "${matrix.seed}" } }
          scores: { uses: evaluate,  with: { models: ["${steps.svm}", "${steps.tuned}"], split: test } }
        report: { compare: [tuned, svm] }
        """;

    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(4);
    private static readonly string Samples = Path.Combine(GoldenFolders.RepositoryRoot, "samples");

    private readonly IHost _host;

    public StudyDesk(IEnumerable<string> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddCommandLine([.. settings.Select(setting => "--" + setting)]);
        builder.AddPipelineDefaults("study-desk");
        builder.AddPipelineWorker();
        builder.AddIngestionService();
        builder.AddTrainingService();
        builder.AddEvaluationService();
        builder.AddOrchestrationService();
        _host = builder.Build();
    }

    /// <summary>Does the steps in this process.</summary>
    public Task StartAsync() => _host.StartAsync();

    /// <summary>Stores the data and the model that the study names.</summary>
    public async Task ImportAsync()
    {
        await Of<DatasetImporter>()
            .ImportAsync(
                new ImportRequest { Name = "reviews", Path = Path.Combine(Samples, "reviews") },
                progress: null,
                Cancellation
            );
        await Of<ModelImporter>()
            .ImportAsync(Path.Combine(Samples, "tiny-bert"), "tiny-bert", cancellation: Cancellation);
    }

    public async Task<RunDocument> SubmitAsync()
    {
        await ImportAsync();
        return await SubmitAsync(SmallStudy);
    }

    public Task<RunDocument> SubmitAsync(string scenario, params string[] overrides) =>
        Of<RunDesk>()
            .SubmitAsync(new RunRequest(scenario, "small.yaml", overrides), Of<CatalogueInputs>(), Cancellation);

    /// <summary>The report's rows, equal where they are equal apart from their seconds.</summary>
    public async Task<string> RowsAsync(RunDocument run)
    {
        var ended = await EndAsync(run);
        var steps = await StepsAsync(run);
        Assert.True(
            ended.State == RunState.Completed,
            string.Join(Environment.NewLine, steps.Select(step => $"{step.Name} {step.State} {step.Error}"))
        );
        return await ReportAsync(steps);
    }

    /// <summary>The run when it has ended.</summary>
    public Task<RunDocument> EndAsync(RunDocument run) =>
        Of<RunDesk>().WaitAsync(run.Id, Cancellation).WaitAsync(LongEnough, Cancellation);

    /// <summary>The rows of the report among these steps.</summary>
    public async Task<string> ReportAsync(IReadOnlyList<StepDocument> steps)
    {
        var report = steps.Single(step => step.Uses == "report").Output!.Files!["report.json"];
        var path = await Of<IArtefacts>().GetFileAsync(new ArtefactRef(report), Cancellation);
        return ReportRows.Of(JsonNode.Parse(await File.ReadAllTextAsync(path, Cancellation))!);
    }

    public Task<IReadOnlyList<StepDocument>> StepsAsync(RunDocument run) =>
        Of<RunDesk>().StepsAsync(run.Id, Cancellation);

    public Task<RunDocument> RunAsync(RunDocument run) => Of<RunDesk>().GetAsync(run.Id, Cancellation);

    public T Of<T>()
        where T : class => _host.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
