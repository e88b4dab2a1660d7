using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Triggers;

/// <summary>
/// Brings events to the triggers of registered scenarios: those that messages tell of at once, and again and again all that
/// the store knows, so that a lost message is made up for. A process that works on one run only fires nothing.
/// </summary>
internal sealed class TriggerScan(
    Trigger trigger,
    IDocuments<ScenarioDocument> scenarios,
    IDocuments<FiringDocument> firings,
    IDocuments<DatasetDocument> datasets,
    IDocuments<RunDocument> runs,
    IOptions<OrchestrationOptions> options,
    IOptions<StepWorkerOptions> worker,
    TimeProvider time,
    ILogger<TriggerScan> log
) : BackgroundService, IDatasetObserver, IStepEventObserver
{
    /// <summary>Scenario and event of what has been brought to its trigger, so that a scan asks the store for none twice.</summary>
    private readonly ConcurrentDictionary<(string, string, DateTimeOffset), bool> _seen = new();

    private bool Fires => worker.Value.OnlyRun is null;

    public async Task IngestedAsync(string name, int number, CancellationToken cancellation)
    {
        if (Fires && await datasets.GetAsync($"{name}@{number}", cancellation) is { } dataset)
            foreach (var scenario in await RegisteredAsync(cancellation))
                await FireAsync(scenario, dataset, cancellation);
    }

    /// <summary>A run completes by the end of its last step; who drives the run has heard of it before.</summary>
    public async Task EndedAsync(RunId run, StepId step, CancellationToken cancellation)
    {
        if (await runs.GetAsync(run.Value, cancellation) is { } seen)
            await SeenAsync(seen, cancellation);
    }

    /// <summary>A run as it stands now; one that has completed starts what follows it.</summary>
    public async Task SeenAsync(RunDocument run, CancellationToken cancellation)
    {
        if (Fires && run.State == RunState.Completed)
            foreach (var scenario in await RegisteredAsync(cancellation))
                await FireAsync(scenario, run, cancellation);
    }

    /// <summary>Looks once at all that may have started something.</summary>
    public async Task ScanAsync(CancellationToken cancellation)
    {
        await foreach (var firing in firings.FindAsync(cancellation, ("state", "due")))
            await trigger.CompleteAsync(firing, cancellation);
        var registered = await RegisteredAsync(cancellation);
        if (registered.Any(scenario => scenario.DatasetName is not null))
            await foreach (var dataset in datasets.FindAsync(cancellation))
            foreach (var scenario in registered)
                await FireAsync(scenario, dataset, cancellation);
        foreach (var scenario in registered)
            if (scenario.AfterScenario is { } before)
                await foreach (var run in runs.FindAsync(cancellation, ("scenario", before)))
                    await FireAsync(scenario, run, cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (Fires && !stoppingToken.IsCancellationRequested)
            try
            {
                await ScanAsync(stoppingToken);
                await Task.Delay(options.Value.TriggerEvery, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception problem)
            {
                log.LogWarning(problem, "The triggers could not be looked at; they are looked at again");
                await Task.Delay(options.Value.TriggerEvery, time, CancellationToken.None);
            }
    }

    private async Task FireAsync(ScenarioDocument scenario, DatasetDocument dataset, CancellationToken cancellation)
    {
        if (!Trigger.Matches(scenario, dataset) || _seen.ContainsKey((scenario.Id, dataset.Id, dataset.Stored)))
            return;
        await trigger.FireAsync(scenario, dataset, cancellation);
        _seen[(scenario.Id, dataset.Id, dataset.Stored)] = true;
    }

    private async Task FireAsync(ScenarioDocument scenario, RunDocument run, CancellationToken cancellation)
    {
        if (!Trigger.Matches(scenario, run) || _seen.ContainsKey((scenario.Id, run.Id, run.Submitted)))
            return;
        await trigger.FireAsync(scenario, run, cancellation);
        _seen[(scenario.Id, run.Id, run.Submitted)] = true;
    }

    private async Task<IReadOnlyList<ScenarioDocument>> RegisteredAsync(CancellationToken cancellation)
    {
        var all = new List<ScenarioDocument>();
        await foreach (var scenario in scenarios.FindAsync(cancellation))
            all.Add(scenario);
        return all;
    }
}
