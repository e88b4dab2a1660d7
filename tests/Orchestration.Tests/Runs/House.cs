using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Orchestration.Reconciling;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Tests.Runs;

/// <summary>A store, the orchestration over it, and a worker that does each step in no time.</summary>
internal sealed class House : IDisposable
{
    public Crashes Crashes { get; } = new();
    public MemoryDocuments<RunDocument> Runs { get; }
    public MemoryDocuments<StepDocument> Steps { get; }
    public MemoryDocuments<KeyDocument> Keys { get; }
    public MemoryDocuments<ModelDocument> Models { get; }
    public MemoryDocuments<DatasetDocument> Datasets { get; }
    public MemoryArtefacts Artefacts { get; } = new();

    public RunConductor Conductor { get; private set; } = null!;
    public RunDesk Desk { get; private set; } = null!;
    public Reconciler Reconciler { get; private set; } = null!;

    /// <summary>Ids of the steps that a worker computed, in order.</summary>
    public List<string> Computed { get; } = [];

    /// <summary>What becomes of a step; completed where nothing else is said.</summary>
    public Func<StepDocument, StepState> Fate { get; set; } = _ => StepState.Completed;

    public House()
    {
        Runs = new(Crashes);
        Steps = new(Crashes);
        Keys = new(Crashes);
        Models = new(Crashes);
        Datasets = new(Crashes);
        Restart();
    }

    /// <summary>Null where nothing is trained.</summary>
    public ITrainingPlace? Place { get; set; }

    /// <summary>Another process over the same store.</summary>
    public void Restart()
    {
        Crashes.Forget();
        var time = TimeProvider.System;
        var outputs = new StoredOutputs(Artefacts);
        var options = Options.Create(new OrchestrationOptions { LookEvery = TimeSpan.FromMilliseconds(1) });
        Conductor = new RunConductor(
            Runs,
            Steps,
            new KeyBook(Keys, Steps, Runs, outputs),
            new ModelShelf(Models, time),
            new StepSender(new NoBus(), NullLogger<StepSender>.Instance),
            time,
            NullLogger<RunConductor>.Instance
        );
        Desk = new RunDesk(
            Runs,
            Steps,
            new Submission(Runs, Steps, time, new RunPlacement(Place), new PoolOverlap(Datasets, Artefacts)),
            Conductor,
            new CleanUp(
                Datasets,
                Models,
                new MemoryDocuments<LexiconDocument>(Crashes),
                Steps,
                Artefacts,
                outputs,
                new TimeAt(Artefacts)
            ),
            options,
            time,
            NullLogger<RunDesk>.Instance
        );
        Reconciler = new Reconciler(Conductor, Runs, options, time, NullLogger<Reconciler>.Instance);
    }

    public Task ScanAsync(string run) =>
        Conductor.HandleAsync(run, new RunEvent.Scanned(new HashSet<string>()), CancellationToken.None);

    public Task TellAsync(StepDocument step) =>
        Conductor.EndedAsync(new RunId(step.Run), new StepId(step.Id), CancellationToken.None);

    /// <summary>Claims a ready step; null where somebody was faster.</summary>
    public async Task<StepDocument?> ClaimAsync(StepDocument step) =>
        await Steps.ReplaceAsync(
            step with
            {
                State = StepState.Running,
                Fence = step.Fence + 1,
                Attempts = step.Attempts + 1,
                CommandDue = false,
            }
        );

    /// <summary>Brings a claimed step to its end; null where its fence is no longer the step's.</summary>
    public async Task<StepDocument?> FinishAsync(StepDocument claimed)
    {
        var state = Fate(claimed);
        if (state == StepState.Completed)
            Computed.Add(claimed.Id);
        return await Steps.ReplaceAsync(
            claimed with
            {
                State = state,
                Output = state == StepState.Completed ? OutputOf(claimed) : null,
                Ended = DateTimeOffset.UnixEpoch,
            }
        );
    }

    /// <summary>Works on ready steps and tells of each until the run has ended.</summary>
    public async Task<RunDocument> FinishAllAsync(string run)
    {
        for (var round = 0; round < 200; round++)
        {
            await ScanAsync(run);
            foreach (var step in Steps.All.Where(step => step.Run == run && step.State == StepState.Ready))
                if (await ClaimAsync(step) is { } claimed && await FinishAsync(claimed) is { } finished)
                    await TellAsync(finished);
            if ((await Runs.GetAsync(run))!.State != RunState.Running)
                return (await Runs.GetAsync(run))!;
        }
        throw new TimeoutException("The run does not end.");
    }

    public async Task<RunDocument> RunAsync(string scenario, params string[] overrides) =>
        await FinishAllAsync((await SubmitAsync(scenario, overrides)).Id);

    public async Task<RunDocument> SubmitAsync(string scenario, params string[] overrides)
    {
        var request = new RunRequest(scenario, "test.yaml", overrides);
        return await Desk.SubmitAsync(request, new CatalogueInputs(Datasets, Models));
    }

    public IReadOnlyList<StepDocument> StepsOf(RunDocument run) =>
        [.. run.Steps.Select(id => Steps.All.Single(step => step.Id == id))];

    public StepDocument Step(RunDocument run, string name) => StepsOf(run).First(step => step.Name == name);

    /// <param name="leaks">Texts that were found in two splits.</param>
    public async Task AddDatasetAsync(
        string name,
        int number,
        DatasetRef dataset,
        IReadOnlyList<SplitLeak>? leaks = null
    ) =>
        await Datasets.InsertAsync(
            new DatasetDocument
            {
                Id = $"{name}@{number}",
                Name = name,
                Number = number,
                DatasetId = dataset.Id,
                Dataset = dataset,
                Statistics = leaks is null
                    ? null
                    : new(
                        Artefacts.Store(
                            JsonSerializer.Serialize(new DatasetStatistics([], leaks, []), WireFormat.Options)
                        )
                    ),
                Stored = DateTimeOffset.UnixEpoch,
            }
        );

    public async Task AddModelAsync(string name) =>
        await Models.InsertAsync(
            new ModelDocument
            {
                Id = $"{name}@1",
                Name = name,
                Number = 1,
                ModelId = ContentHash.Of(name),
                Model = Model(name),
                Stored = DateTimeOffset.UnixEpoch,
            }
        );

    public DatasetRef Dataset(string train, string test = "test", string? hidden = null) =>
        new(
            ContentHash.Of(train + test),
            "reviews",
            TaskType.Classification,
            ["bad", "good"],
            [Split("train", train), Split("test", test)],
            hidden is null ? null : new ArtefactRef(Artefacts.Store(hidden))
        );

    private SplitRef Split(string name, string content) =>
        new(name, ContentHash.Of(content), new ArtefactRef(Artefacts.Store(content)), 10, 10, []);

    private ModelRef Model(string content)
    {
        var files = new Dictionary<string, string> { ["weights"] = Artefacts.Store(content) };
        var card = new ModelCard(
            content,
            "none",
            1,
            "none",
            1,
            0,
            1,
            0.5,
            [],
            [],
            new Dictionary<string, string>(),
            new Dictionary<string, double>(),
            []
        );
        var text = JsonSerializer.Serialize(card, WireFormat.Options);
        return new ModelRef(ContentHash.Of(content), files, new ArtefactRef(Artefacts.Store(text)), card.Provenance());
    }

    /// <summary>What a step makes of its parameters and of what it reads: the same again for the same.</summary>
    private StepOutput OutputOf(StepDocument step)
    {
        var inputs = step.Inputs.Select(input => input.Dataset?.Splits[0].Id ?? input.Model?.Id ?? input.File?.Hash);
        var read = string.Join('|', [step.Uses, step.Parameters.ToJsonString(), .. inputs]);
        return StepKinds.Find(step.Uses)!.Gives switch
        {
            StepGives.Dataset => new StepOutput(Dataset: Dataset("made by " + ContentHash.Of(read))),
            StepGives.Model => new StepOutput(Model: Model("made by " + ContentHash.Of(read))),
            _ => new StepOutput(Rows: new ArtefactRef(Artefacts.Store("[]"))),
        };
    }

    public void Dispose() => Artefacts.Dispose();

    private sealed class NoBus : IStepBus
    {
        public Task PublishAsync(object message, CancellationToken cancellation = default) => Task.CompletedTask;
    }

    private sealed class TimeAt(MemoryArtefacts artefacts) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => artefacts.Now;
    }
}
