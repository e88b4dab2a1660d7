using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Orchestration.Triggers;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Orchestration.Tests.Triggers;

public sealed class When_a_dataset_arrives_at_a_server_of_one_process : IAsyncDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private IHost? _host;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_starts_a_scenario_and_that_one_the_next_with_or_without_its_message(bool told)
    {
        var host = await StartAsync(scanEvery: told ? TimeSpan.FromHours(1) : TimeSpan.FromMilliseconds(50));
        var shelf = host.Services.GetRequiredService<ScenarioShelf>();
        await shelf.AddAsync(
            When_an_event_starts_a_scenario.Study("first", "dataset-ingested: { name: 'rev*' }"),
            "first.yaml"
        );
        await shelf.AddAsync(
            When_an_event_starts_a_scenario
                .Study("second", "run-completed: { scenario: first }")
                .Replace("dataset: }", "dataset: reviews }"),
            "second.yaml"
        );

        var dataset = await StoreDatasetAsync(host);
        if (told)
            await host
                .Services.GetRequiredService<IStepBus>()
                .PublishAsync(new DatasetIngested(dataset.Name, dataset.Number, dataset.Dataset));

        var runs = await RunsAsync(host, count: 2);
        Assert.All(runs, run => Assert.Equal(RunState.Completed, run.State));
        Assert.Equal(["first", "second"], runs.Select(run => run.Scenario));
        Assert.Equal(
            [new RunOrigin("dataset-ingested", "reviews@1", 1), new RunOrigin("run-completed", runs[0].Id, 2)],
            runs.Select(run => run.StartedBy)
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.StopAsync(CancellationToken.None);
        _host?.Dispose();
        _folder.Dispose();
    }

    private async Task<IHost> StartAsync(TimeSpan scanEvery)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddEmbeddedStorage(_folder["home"]);
        builder.Services.AddPipelineBus(builder.Configuration);
        foreach (var kind in StepKinds.All)
            builder.Services.AddSingleton<IStepHandler>(new TrivialHandler(kind));
        builder.Services.AddStepWorker();
        builder.AddOrchestrationService();
        builder.Services.Configure<OrchestrationOptions>(options => options.TriggerEvery = scanEvery);
        _host = builder.Build();
        await _host.StartAsync();
        return _host;
    }

    private static async Task<DatasetDocument> StoreDatasetAsync(IHost host)
    {
        var content = new DatasetRef("sha256:d", "reviews", TaskType.Classification, ["bad", "good"], []);
        var dataset = new DatasetDocument
        {
            Id = "reviews@1",
            Name = "reviews",
            Number = 1,
            DatasetId = content.Id,
            Dataset = content,
            Stored = DateTimeOffset.UtcNow,
        };
        await host.Services.GetRequiredService<IDocuments<DatasetDocument>>().InsertAsync(dataset);
        return dataset;
    }

    /// <summary>The runs, oldest first, once there are as many and all have ended.</summary>
    private static async Task<List<RunDocument>> RunsAsync(IHost host, int count)
    {
        var desk = host.Services.GetRequiredService<RunDesk>();
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            var runs = await desk.ListAsync();
            if (runs.Count == count && runs.All(run => run.State != RunState.Running))
                return [.. runs.Reverse()];
            Assert.True(waited.Elapsed < LongEnough, string.Join(Environment.NewLine, runs));
        }
    }

    private sealed class TrivialHandler(StepKind kind) : IStepHandler
    {
        public StepKind Kind => kind;

        public StepOutput Handle(StepWork work) =>
            kind.Gives switch
            {
                StepGives.Dataset => new StepOutput(Dataset: work.Dataset()),
                StepGives.Model => new StepOutput(
                    Model: new ModelRef("sha256:m", new Dictionary<string, string>(), work.Store("card"))
                ),
                _ => new StepOutput(),
            };
    }
}
