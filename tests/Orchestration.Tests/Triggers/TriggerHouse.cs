using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Orchestration.Tests.Runs;
using TransferPipeline.Orchestration.Triggers;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Tests.Triggers;

/// <summary>A house whose scenarios are started by events.</summary>
internal sealed class TriggerHouse : IDisposable
{
    public TriggerHouse()
    {
        Scenarios = new(House.Crashes);
        Firings = new(House.Crashes);
        Scan = Process();
    }

    public House House { get; } = new();
    public Clock Time { get; } = new();
    public MemoryDocuments<ScenarioDocument> Scenarios { get; }
    public MemoryDocuments<FiringDocument> Firings { get; }
    public TriggerScan Scan { get; private set; }
    public ScenarioShelf Shelf => new(Scenarios, Firings, Time);

    /// <summary>Runs that an event has started, oldest first.</summary>
    public IReadOnlyList<RunDocument> Started =>
        [.. House.Runs.All.Where(run => run.StartedBy is not null).OrderBy(run => run.StartedBy!.Depth)];

    /// <summary>Another process over the same store.</summary>
    public void Restart()
    {
        House.Restart();
        Scan = Process();
    }

    /// <param name="onlyRun">The one run that the process works on.</param>
    public TriggerScan Process(string? onlyRun = null)
    {
        var trigger = new Trigger(
            Firings,
            House.Runs,
            House.Steps,
            new Submission(House.Runs, House.Steps, TimeProvider.System, new RunPlacement()),
            new CatalogueInputs(House.Datasets, House.Models),
            House.Conductor,
            Time,
            NullLogger<Trigger>.Instance
        );
        return new TriggerScan(
            trigger,
            Scenarios,
            Firings,
            House.Datasets,
            House.Runs,
            Options.Create(new OrchestrationOptions()),
            Options.Create(new StepWorkerOptions { OnlyRun = onlyRun }),
            Time,
            NullLogger<TriggerScan>.Instance
        );
    }

    public Task AddDatasetAsync(string name, int number) =>
        House.AddDatasetAsync(name, number, House.Dataset($"{name} {number}", hidden: "labels"));

    public void Dispose()
    {
        Scan.Dispose();
        House.Dispose();
    }

    /// <summary>Stands at the beginning of time, when the datasets of the house are stored, unless moved.</summary>
    public sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
