using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Telemetry;

/// <summary>Counts the steps of the store that have not ended; a process that works on one run only counts none.</summary>
public sealed class StepCensus(
    IDocuments<StepDocument> steps,
    IOptions<StepWorkerOptions> worker,
    TimeProvider time,
    ILogger<StepCensus> log
) : BackgroundService
{
    // Half of what scrapes and scalers usually wait between two looks.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly StepState[] Open = [StepState.Waiting, StepState.Ready, StepState.Running];

    /// <summary>Counts once.</summary>
    public async Task CountAsync(CancellationToken cancellation)
    {
        // Zeros too: a gauge that stops at its last value would keep workers for nothing.
        var counts = StepKinds
            .All.SelectMany(kind => Open.Select(state => (kind.Uses, state)))
            .ToDictionary(key => key, _ => 0);
        foreach (var state in Open)
        await foreach (var step in steps.FindAsync(cancellation, ("state", state.ToString().ToLowerInvariant())))
            counts[(step.Uses, state)] = counts.GetValueOrDefault((step.Uses, state)) + 1;
        PipelineMetrics.Report([.. counts.Select(pair => new StepCount(pair.Key.Uses, pair.Key.state, pair.Value))]);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (worker.Value.OnlyRun is null && !stoppingToken.IsCancellationRequested)
            try
            {
                await CountAsync(stoppingToken);
                await Task.Delay(Every, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception away)
            {
                log.LogWarning(away, "The steps could not be counted");
                await Task.Delay(Every, time, CancellationToken.None);
            }
    }
}
