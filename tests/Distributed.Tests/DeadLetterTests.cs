using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Bus.DeadLetters;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Distributed.Tests;

public sealed class When_a_message_dies_on_the_broker(RabbitMqNode broker) : IAsyncDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly List<IHost> _hosts = [];
    private readonly List<IConnection> _connections = [];
    private readonly ConcurrentQueue<string> _heard = new();
    private volatile bool _broken = true;

    [Fact]
    public async Task It_outlives_its_service_and_reaches_the_next_one_when_it_is_replayed()
    {
        RabbitMqNode.Require();
        var first = await StartAsync(Observing);
        await BusOf(first).PublishAsync(StepKinds.Sample.Completed(new("run"), new("lost")));
        var letter = await LetterAsync(first, letter => letter.Message?["step"]?.ToString() == "lost");
        await first.StopAsync(Cancellation);
        _broken = false;

        var second = await StartAsync(Observing);
        await LettersOf(second).ReplayAsync(letter.Id, Cancellation);

        await UntilAsync(() => Task.FromResult(_heard.Contains("lost")));
        Assert.Equal(
            ("step-events", "IOException: the disk is on fire", typeof(DatasetSampled).FullName),
            (letter.Queue, letter.Reason, letter.MessageType)
        );
        Assert.Equal(1, (await LettersOf(second).FindAsync(letter.Id, Cancellation))!.Replays);
    }

    [Fact]
    public async Task What_is_no_message_of_the_pipeline_is_kept_as_it_came()
    {
        RabbitMqNode.Require();
        var host = await StartAsync(Observing);
        await using var raw = await ConnectAsync();

        await raw.BasicPublishAsync("step-events", "", "not json at all"u8.ToArray(), Cancellation);

        var letter = await LetterAsync(host, letter => letter.Body == "not json at all");
        Assert.Null(letter.MessageType);
        var refused = await Assert.ThrowsAsync<BadInputException>(() =>
            LettersOf(host).ReplayAsync(letter.Id, Cancellation)
        );
        Assert.Contains("is no message of the pipeline", refused.Message);
    }

    [Fact]
    public async Task One_that_its_consumers_never_acknowledge_is_taken_out_at_the_delivery_limit()
    {
        RabbitMqNode.Require();
        await (await StartAsync(Working)).StopAsync(Cancellation);
        var host = await StartAsync(_ => { });
        await BusOf(host).PublishAsync(StepKinds.Sample.Command(new("run"), new("deadly")), Cancellation);
        await using var raw = await ConnectAsync();

        for (var delivery = 0; await DeliverAsync(raw) is { } message; delivery++)
        {
            Assert.True(delivery < 50, "The broker delivers for ever.");
            await raw.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, Cancellation);
        }

        var letter = await LetterAsync(host, letter => letter.Message?["step"]?.ToString() == "deadly");
        Assert.Equal("step-sample", letter.Queue);
        Assert.StartsWith("It was delivered 10 times", letter.Reason);
    }

    [Fact]
    public async Task Nothing_is_replayed_into_a_queue_that_nobody_has()
    {
        RabbitMqNode.Require();
        var host = await StartAsync(_ => { });
        var letters = host.Services.GetRequiredService<IDocuments<DeadLetterDocument>>();
        await letters.InsertAsync(
            new DeadLetterDocument
            {
                Id = "homeless",
                Queue = "step-of-old",
                MessageType = typeof(SampleDataset).FullName,
                Message = new() { ["run"] = "r", ["step"] = "s" },
                Reason = "old",
                Died = DateTimeOffset.UnixEpoch,
            },
            Cancellation
        );

        var refused = await Assert.ThrowsAsync<BadInputException>(() =>
            LettersOf(host).ReplayAsync("homeless", Cancellation)
        );

        Assert.Contains("queue 'step-of-old' does not exist any more", refused.Message);
        Assert.Equal(0, (await letters.GetAsync("homeless", Cancellation))!.Replays);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }
        foreach (var connection in _connections)
            await connection.DisposeAsync();
        _folder.Dispose();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private void Observing(IServiceCollection services) =>
        services.AddSingleton<IStepEventObserver>(new Observer(this));

    private static void Working(IServiceCollection services) => services.AddSingleton<IStepHandler, IdleHandler>();

    private async Task<IHost> StartAsync(Action<IServiceCollection> services)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Bus:Transport"] = "RabbitMq",
                ["Bus:Host"] = "127.0.0.1",
                ["Bus:Port"] = $"{broker.Port}",
                ["Bus:Password"] = "guest",
            }
        );
        builder.Services.AddEmbeddedStorage(_folder["home"]);
        builder.Services.AddPipelineBus(builder.Configuration);
        services(builder.Services);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(Cancellation);

        // Publishing waits until the host's own queues are bound.
        await BusOf(host).PublishAsync(StepKinds.Report.Command(new("no-run"), new("no-step")), Cancellation);
        return host;
    }

    private async Task<IChannel> ConnectAsync()
    {
        var factory = new ConnectionFactory { HostName = "127.0.0.1", Port = broker.Port };
        var connection = await factory.CreateConnectionAsync(Cancellation);
        _connections.Add(connection);
        return await connection.CreateChannelAsync(cancellationToken: Cancellation);
    }

    /// <summary>The next message; null when the queue has been empty for a while.</summary>
    private static async Task<BasicGetResult?> DeliverAsync(IChannel raw)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(3); await Task.Delay(20))
            if (await raw.BasicGetAsync("step-sample", autoAck: false, Cancellation) is { } message)
                return message;
        return null;
    }

    private static async Task<DeadLetterDocument> LetterAsync(IHost host, Func<DeadLetterDocument, bool> condition)
    {
        DeadLetterDocument? found = null;
        await UntilAsync(async () =>
            (found = (await LettersOf(host).ListAsync(Cancellation)).FirstOrDefault(condition)) is not null
        );
        return found!;
    }

    private static IStepBus BusOf(IHost host) => host.Services.GetRequiredService<IStepBus>();

    private static IDeadLetters LettersOf(IHost host) => host.Services.GetRequiredService<IDeadLetters>();

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
            Assert.True(waited.Elapsed < LongEnough, "The condition was not met in time.");
    }

    private sealed class IdleHandler : IStepHandler
    {
        public StepKind Kind => StepKinds.Sample;

        public StepOutput Handle(StepWork work) => new();
    }

    private sealed class Observer(When_a_message_dies_on_the_broker test) : IStepEventObserver
    {
        public Task EndedAsync(RunId run, StepId step, CancellationToken cancellation)
        {
            if (step.Value == "lost" && test._broken)
                throw new IOException("the disk is on fire");
            test._heard.Enqueue(step.Value);
            return Task.CompletedTask;
        }
    }
}
