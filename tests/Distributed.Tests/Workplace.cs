using System.Diagnostics;
using System.Globalization;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Distributed.Tests;

/// <summary>The folder, the processes and the desk of one test; SQLite, or a stand-in for MongoDB of its own.</summary>
internal sealed class Workplace : IAsyncDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(3);
    private static string? _undisturbed;

    /// <summary>Where a lease that runs out on a busy machine would be mistaken for a fault.</summary>
    public static readonly string[] LongLeases = ["StepWorker:Lease=00:01:00", "StepWorker:RenewEvery=00:00:10"];

    /// <summary>Each process logs when it is up.</summary>
    public const string ToldStarts = "Logging:LogLevel:Microsoft.Hosting.Lifetime=Information";

    private readonly TemporaryFolder _folder = new();

    private Workplace(int broker, MongoStandIn? store, string[] further)
    {
        Store = store;
        string[] settings = [.. Settings(broker, _folder["home"], store?.Port), .. further];
        Crew = new Crew(settings);
        Desk = new StudyDesk(settings);
    }

    public MongoStandIn? Store { get; }

    public Crew Crew { get; }

    public StudyDesk Desk { get; }

    /// <summary>With the small study's data imported; no process is started yet.</summary>
    /// <param name="broker">The port for AMQP.</param>
    /// <param name="further">Configuration, <c>Section:Key=value</c>.</param>
    public static async Task<Workplace> OpenAsync(int broker, params string[] further)
    {
        var workplace = new Workplace(broker, null, further);
        await workplace.Desk.ImportAsync();
        return workplace;
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static async Task<Workplace> OpenOverMongoAsync(int broker, TemporaryFolder data)
    {
        var store = new MongoStandIn(data.Path);
        await store.StartAsync(TestContext.Current.CancellationToken);
        var workplace = new Workplace(broker, store, []);
        await workplace.Desk.ImportAsync();
        return workplace;
    }

    /// <summary>Short leases, so that a test need not wait long for one to run out.</summary>
    public static string[] Settings(int broker, string home, int? mongo) =>
        [
            "Bus:Transport=RabbitMq",
            "Bus:Host=127.0.0.1",
            $"Bus:Port={broker.ToString(CultureInfo.InvariantCulture)}",
            "Bus:Password=guest",
            $"Storage:Home={home}",
            .. mongo is null
                ? Array.Empty<string>()
                : ["Storage:Kind=Mongo", $"Storage:Connection=mongodb://127.0.0.1:{mongo}/transfer"],
            "StepWorker:Lease=00:00:03",
            "StepWorker:RenewEvery=00:00:00.5",
            "StepWorker:PollEvery=00:00:00.5",
            "StepWorker:MaxAttempts=100",
            "Orchestration:ScanEvery=00:00:00.5",
            "Training:Threads=1",
        ];

    /// <summary>The rows of the small study where nothing goes wrong.</summary>
    public static async Task<string> UndisturbedRowsAsync()
    {
        if (_undisturbed is not null)
            return _undisturbed;
        using var folder = new TemporaryFolder();
        await using var desk = new StudyDesk([$"Storage:Home={folder["home"]}", "Training:Threads=1"]);
        await desk.StartAsync();
        return _undisturbed = await desk.RowsAsync(await desk.SubmitAsync());
    }

    /// <summary>The steps as soon as they satisfy the condition.</summary>
    public async Task<IReadOnlyList<StepDocument>> UntilAsync(
        RunDocument run,
        Func<IReadOnlyList<StepDocument>, bool> condition
    )
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            var steps = await Desk.StepsAsync(run);
            if (condition(steps))
                return steps;
            Assert.True(
                waited.Elapsed < LongEnough,
                string.Join('\n', steps.Select(step => $"{step.Id} {step.State} {step.Error}")) + "\n" + Crew.Log
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        Crew.Dispose();
        await Desk.DisposeAsync();
        Store?.Dispose();
        _folder.Dispose();
    }
}
