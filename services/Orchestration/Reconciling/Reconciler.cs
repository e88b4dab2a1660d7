using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Orchestration.Triggers;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Reconciling;

/// <summary>Looks again and again at the runs under way, so that whatever was lost between two writes is made up for.</summary>
internal sealed class Reconciler(
    RunConductor conductor,
    IDocuments<RunDocument> runs,
    IOptions<OrchestrationOptions> options,
    TimeProvider time,
    ILogger<Reconciler> log,
    TriggerScan? triggers = null
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ScanAsync(stoppingToken);
                await Task.Delay(
                    options.Value.ScanEvery * (0.75 + Random.Shared.NextDouble() / 2),
                    time,
                    stoppingToken
                );
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception problem)
            {
                log.LogWarning(problem, "The runs under way could not be listed");
                await Task.Delay(options.Value.ScanEvery, time, CancellationToken.None);
            }
        }
    }

    /// <summary>Looks once at every run that this process may work on.</summary>
    public async Task ScanAsync(CancellationToken cancellation)
    {
        var me = RunOwner.Current();
        var mine = new List<string>();
        await foreach (var run in runs.FindAsync(cancellation, ("state", "running")))
            if (run.Owner is null || run.Owner == me)
                mine.Add(run.Id);
        foreach (var run in mine)
            try
            {
                // Of two processes that hear of a run's steps in turn, none may see its end; this does, and has to tell.
                var seen = await conductor.HandleAsync(run, new RunEvent.Scanned(new HashSet<string>()), cancellation);
                if (seen is not null && triggers is not null)
                    await triggers.SeenAsync(seen, cancellation);
            }
            catch (Exception problem) when (!cancellation.IsCancellationRequested)
            {
                log.LogWarning(problem, "Run {Run} could not be looked at; it is looked at again", run);
            }
    }
}
