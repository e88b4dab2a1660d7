using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts;
using TransferPipeline.Evaluation;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Ingestion;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Orchestration;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Orchestration.Triggers;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Distributed.Tests;

public sealed class When_two_orchestrators_hear_of_a_dataset(RabbitMqNode broker) : IAsyncDisposable
{
    private const string Scenario = """
        name: on-arrival
        on: { dataset-ingested: { name: "rev*" } }
        inputs: { dataset: }
        steps:
          few: { uses: sample, with: { dataset: "${inputs.dataset}", perClass: 8, dev: none } }
        """;
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly List<IHost> _hosts = [];

    [Fact]
    public async Task Its_message_starts_each_scenario_once_however_often_it_comes()
    {
        RabbitMqNode.Require();
        var one = await StartAsync(builder => builder.AddOrchestrationService());
        var two = await StartAsync(builder => builder.AddOrchestrationService());
        var ingestion = await StartAsync(builder => builder.AddIngestionService().AddEvaluationService());
        await Of<ScenarioShelf>(one).AddAsync(Scenario, "on-arrival.yaml");
        await Of<ScenarioShelf>(two)
            .AddAsync(
                Scenario
                    .Replace("on-arrival", "after")
                    .Replace("dataset-ingested: { name: \"rev*\" }", "run-completed: { scenario: on-arrival }")
                    .Replace("dataset: }", "dataset: reviews }"),
                "after.yaml"
            );

        // The import itself tells of the dataset; it is told again, as a broker may.
        var path = Path.Combine(GoldenFolders.RepositoryRoot, "samples", "reviews");
        var stored = await Of<DatasetImporter>(ingestion)
            .ImportAsync(new ImportRequest { Name = "reviews", Path = path });
        for (var time = 0; time < 10; time++)
            await Of<IStepBus>(ingestion)
                .PublishAsync(new DatasetIngested("reviews", stored.Document.Number, stored.Document.Dataset));
        await UntilAsync(
            async () => (await RunsAsync(one)).Count(run => run.State == RunState.Completed) == 2,
            async () => string.Join(Environment.NewLine, await RunsAsync(one))
        );

        var runs = (await RunsAsync(two)).OrderBy(run => run.StartedBy!.Depth).ToList();
        Assert.Equal(["on-arrival reviews@1 1", $"after {runs[0].Id} 2"], runs.Select(Told));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }
        _folder.Dispose();
    }

    private static string Told(RunDocument run) => $"{run.Scenario} {run.StartedBy?.Event} {run.StartedBy?.Depth}";

    private static Task<IReadOnlyList<RunDocument>> RunsAsync(IHost host) => Of<RunDesk>(host).ListAsync();

    private async Task<IHost> StartAsync(Action<IHostApplicationBuilder> service)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Bus:Transport"] = "RabbitMq",
                ["Bus:Host"] = "127.0.0.1",
                ["Bus:Port"] = $"{broker.Port}",
                ["Bus:Password"] = "guest",
                ["Storage:Home"] = _folder["home"],
                // Messages alone: no scan comes to their help in the time of this test.
                ["Orchestration:TriggerEvery"] = "01:00:00",
            }
        );
        builder.AddPipelineDefaults("test");
        builder.AddPipelineWorker();
        service(builder);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        // Publishing waits until the host's own queues are bound.
        await Of<IStepBus>(host).PublishAsync(new DatasetIngested("none", 1, NoDataset));
        return host;
    }

    private static DatasetRef NoDataset { get; } = new("sha256:none", "none", TaskType.Text, [], []);

    private static T Of<T>(IHost host)
        where T : class => host.Services.GetRequiredService<T>();

    private static async Task UntilAsync(Func<Task<bool>> condition, Func<Task<string>> describe)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
            Assert.True(waited.Elapsed < LongEnough, waited.Elapsed < LongEnough ? "" : await describe());
    }
}
