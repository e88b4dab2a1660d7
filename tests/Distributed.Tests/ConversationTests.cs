using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

[assembly: AssemblyFixture(typeof(RabbitMqNode))]

namespace TransferPipeline.Distributed.Tests;

public sealed class When_services_talk_over_rabbitmq(RabbitMqNode broker) : IAsyncDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly List<IHost> _hosts = [];
    private readonly ConcurrentQueue<string> _done = new();
    private readonly ConcurrentQueue<string> _heard = new();

    [Fact]
    public async Task Commands_reach_the_worker_its_events_reach_the_observer_and_each_step_is_done_once()
    {
        RabbitMqNode.Require();
        var asking = await StartAsync(services => services.AddSingleton<IStepEventObserver>(new Listener(_heard)));
        await StartWorkerAsync("one", polling: false);
        await StartWorkerAsync("two", polling: false);
        var expected = await AddStepsAsync(asking, count: 10);

        foreach (var step in expected)
            for (var time = 0; time < 2; time++)
                await BusOf(asking).PublishAsync(StepKinds.Sample.Command(new("run"), new(step)));

        await UntilAsync(() => _heard.Distinct().Count() == expected.Count);
        Assert.Equal(expected, _heard.Distinct().Order());
        Assert.Equal(expected, _done.Order());
        foreach (var step in expected)
        {
            var document = (await StepsOf(asking).GetAsync(step))!;
            Assert.Equal((StepState.Completed, 1L, 1), (document.State, document.Fence, document.Attempts));
        }
    }

    [Fact]
    public async Task A_command_sent_while_no_worker_lives_waits_in_its_queue()
    {
        RabbitMqNode.Require();
        await (await StartWorkerAsync("first", polling: false)).StopAsync();
        var asking = await StartAsync(_ => { });
        await AddStepsAsync(asking, count: 1);

        await BusOf(asking).PublishAsync(StepKinds.Sample.Command(new("run"), new("s0")));
        await StartWorkerAsync("second", polling: false);

        await UntilAsync(() => _done.Contains("s0"));
    }

    [Fact]
    public async Task Without_a_broker_the_store_is_enough()
    {
        var worker = await StartWorkerAsync("alone", polling: true, port: 1);
        var expected = await AddStepsAsync(worker, count: 2);

        await UntilAsync(() => _done.Count == expected.Count);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }
        _folder.Dispose();
    }

    private Task<IHost> StartWorkerAsync(string name, bool polling, int? port = null) =>
        StartAsync(
            services =>
            {
                services.AddSingleton<IStepHandler>(new NotingHandler(_done));
                services.AddStepWorker(worker =>
                {
                    worker.Worker = name;
                    worker.Polling = polling;
                    worker.Scratch = _folder["scratch"];
                });
            },
            port
        );

    private async Task<IHost> StartAsync(Action<IServiceCollection> services, int? port = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Bus:Transport"] = "RabbitMq",
                ["Bus:Host"] = "127.0.0.1",
                ["Bus:Port"] = $"{port ?? broker.Port}",
                ["Bus:Password"] = "guest",
            }
        );
        builder.Services.AddEmbeddedStorage(_folder["home"]);
        builder.Services.AddPipelineBus(builder.Configuration);
        services(builder.Services);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();

        // Publishing waits until the host's own queues are bound.
        if (port is null)
            await BusOf(host).PublishAsync(StepKinds.Report.Completed(new("no-run"), new("no-step")));
        return host;
    }

    private static async Task<List<string>> AddStepsAsync(IHost host, int count)
    {
        await host
            .Services.GetRequiredService<IDocuments<RunDocument>>()
            .InsertAsync(
                new RunDocument
                {
                    Id = "run",
                    Scenario = "test",
                    Source = "",
                    Report = new ReportSpec(),
                    Steps = [],
                    Submitted = DateTimeOffset.UtcNow,
                }
            );
        var ids = Enumerable.Range(0, count).Select(step => $"s{step}").ToList();
        foreach (var id in ids)
            await StepsOf(host)
                .InsertAsync(
                    new StepDocument
                    {
                        Id = id,
                        Run = "run",
                        Name = id,
                        Cell = new Dictionary<string, string>(),
                        Uses = StepKinds.Sample.Uses,
                        Parameters = [],
                        Inputs = [],
                        Needs = [],
                        State = StepState.Ready,
                    }
                );
        return ids;
    }

    private static IStepBus BusOf(IHost host) => host.Services.GetRequiredService<IStepBus>();

    private static IDocuments<StepDocument> StepsOf(IHost host) =>
        host.Services.GetRequiredService<IDocuments<StepDocument>>();

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var waited = Stopwatch.StartNew(); !condition(); await Task.Delay(20))
            Assert.True(waited.Elapsed < LongEnough, "The condition was not met in time.");
    }

    private sealed class NotingHandler(ConcurrentQueue<string> done) : IStepHandler
    {
        public StepKind Kind => StepKinds.Sample;

        public StepOutput Handle(StepWork work)
        {
            done.Enqueue(work.Step.Id);
            return new StepOutput();
        }
    }

    private sealed class Listener(ConcurrentQueue<string> heard) : IStepEventObserver
    {
        public Task EndedAsync(RunId run, StepId step, CancellationToken cancellation)
        {
            if (run.Value == "run")
                heard.Enqueue(step.Value);
            return Task.CompletedTask;
        }
    }
}
