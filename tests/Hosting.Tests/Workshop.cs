using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Hosting.Tests;

/// <summary>A store, a clock, and workers that share both.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    public const string Run = "run-1";

    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _store;
    private readonly List<IHost> _workers = [];

    public Workshop()
    {
        _store = new ServiceCollection().AddEmbeddedStorage(Home).BuildServiceProvider();
    }

    public string Home => _folder["home"];
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);
    public IDocuments<StepDocument> Steps => _store.GetRequiredService<IDocuments<StepDocument>>();
    public IDocuments<DeadLetterDocument> DeadLetters => _store.GetRequiredService<IDocuments<DeadLetterDocument>>();
    public IDocuments<RunDocument> Runs => _store.GetRequiredService<IDocuments<RunDocument>>();
    public IArtefacts Artefacts => _store.GetRequiredService<IArtefacts>();

    /// <summary>Starts a worker for these handlers, as a process of its own would.</summary>
    public async Task<IHost> StartWorkerAsync(
        string name,
        IReadOnlyList<IStepHandler> handlers,
        Action<StepWorkerOptions>? options = null,
        Action<IServiceCollection>? services = null
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddEmbeddedStorage(Home);
        builder.Services.AddPipelineBus(builder.Configuration);
        builder.Services.AddStepWorker(worker =>
        {
            worker.Worker = name;
            worker.Scratch = _folder["scratch"];
            options?.Invoke(worker);
        });
        foreach (var handler in handlers)
            builder.Services.AddSingleton(handler);
        services?.Invoke(builder.Services);

        var host = builder.Build();
        _workers.Add(host);
        await host.StartAsync();
        return host;
    }

    public Task<IHost> StartWorkerAsync(
        string name,
        Func<StepWork, StepOutput> handle,
        Action<StepWorkerOptions>? options = null,
        Action<IServiceCollection>? services = null
    ) => StartWorkerAsync(name, [new ScriptedHandler(StepKinds.Sample, handle)], options, services);

    public async Task AddRunAsync(string id = Run, RunOwner? owner = null, bool cancelRequested = false) =>
        await Runs.InsertAsync(
            new RunDocument
            {
                Id = id,
                Scenario = "test",
                Source = "",
                Report = new ReportSpec(),
                Steps = [],
                Submitted = Time.GetUtcNow(),
                Owner = owner,
                CancelRequested = cancelRequested,
            }
        );

    public async Task AddStepAsync(
        string id,
        StepKind? kind = null,
        string run = Run,
        Func<StepDocument, StepDocument>? change = null
    )
    {
        await AddRunAsync(run);
        var step = new StepDocument
        {
            Id = id,
            Run = run,
            Name = id,
            Cell = new Dictionary<string, string>(),
            Uses = (kind ?? StepKinds.Sample).Uses,
            Parameters = [],
            Inputs = [],
            Needs = [],
            State = StepState.Ready,
        };
        Assert.True(await Steps.InsertAsync(change is null ? step : change(step)));
    }

    public async Task<StepDocument> StepAsync(string id) => (await Steps.GetAsync(id))!;

    /// <summary>Changes a document as somebody else in the store would.</summary>
    public async Task ChangeAsync<T>(IDocuments<T> documents, string id, Func<T, T> change)
        where T : class, IDocument<T>
    {
        while (await documents.ReplaceAsync(change((await documents.GetAsync(id))!)) is null) { }
    }

    /// <summary>Waits for the step to satisfy the condition; the clock moves by <paramref name="pace"/> between looks.</summary>
    public async Task<StepDocument> UntilAsync(string id, Func<StepDocument, bool> condition, TimeSpan pace = default)
    {
        var step = await StepAsync(id);
        await UntilAsync(async () => condition(step = await StepAsync(id)), pace, () => step.ToString());
        return step;
    }

    public async Task UntilAsync(Func<Task<bool>> condition, TimeSpan pace = default, Func<string>? describe = null)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); )
        {
            Assert.True(waited.Elapsed < LongEnough, $"The condition was not met in time: {describe?.Invoke()}");
            if (pace > TimeSpan.Zero)
                Time.Advance(pace);
            await Task.Delay(5);
        }
    }

    public Task UntilAsync(Func<bool> condition, TimeSpan pace = default) =>
        UntilAsync(() => Task.FromResult(condition()), pace);

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.StopAsync(new CancellationToken(true));
            worker.Dispose();
        }
        await _store.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>A handler whose work a test writes.</summary>
internal sealed class ScriptedHandler(StepKind kind, Func<StepWork, StepOutput> handle) : IStepHandler
{
    public StepKind Kind => kind;

    public StepOutput Handle(StepWork work) => handle(work);
}
