using Microsoft.Extensions.Logging;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Why a handler was asked to stop.</summary>
internal enum StopReason
{
    None,
    Cancelled,
    LeaseLost,
    Shutdown,
}

/// <summary>While a handler works: renews the lease, writes its progress, and watches for the run's cancellation.</summary>
internal sealed class LeaseKeeper(
    StepLease lease,
    IDocuments<RunDocument> runs,
    StepWorkerOptions options,
    TimeProvider time,
    ILogger log
) : IProgress<StepProgress>, IDisposable
{
    // Twice a second is as often as progress is stored, and often enough to see a cancelled run within 2 s.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private StepProgress? _progress;
    private StepProgress? _written;
    private int _reason;

    /// <summary>Fires when the handler has to stop.</summary>
    public CancellationToken Stop => _stop.Token;

    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    /// <summary>The newest report, stored or not.</summary>
    public StepProgress? Progress => Volatile.Read(ref _progress);

    public void Report(StepProgress value) => Volatile.Write(ref _progress, value);

    /// <summary>Asks the handler to stop; the first reason stays.</summary>
    public void Ask(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None) == (int)StopReason.None)
            _stop.Cancel();
    }

    /// <summary>Returns when <paramref name="ended"/> fires.</summary>
    public async Task KeepAsync(CancellationToken ended)
    {
        using var ticks = new PeriodicTimer(Tick, time);
        while (await NextAsync(ticks, ended))
        {
            try
            {
                await RenewAsync(ended);
                await LookAtRunAsync(ended);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception away)
            {
                log.LogWarning(away, "The lease of step {Step} could not be renewed", lease.Step);
            }

            // Without the store nobody can tell whether another worker has taken over by now.
            if (lease.Age >= options.Lease)
                Ask(StopReason.LeaseLost);
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task RenewAsync(CancellationToken ended)
    {
        var progress = Progress;
        if (ReferenceEquals(progress, _written) && lease.Age < options.RenewEvery)
            return;
        if (await lease.UpdateAsync(step => step with { Progress = progress ?? step.Progress }, ended) is null)
            Ask(StopReason.LeaseLost);
        _written = progress;
    }

    private async Task LookAtRunAsync(CancellationToken ended)
    {
        if (await runs.GetAsync(lease.Current.Run, ended) is { CancelRequested: true })
            Ask(StopReason.Cancelled);
    }

    private static async Task<bool> NextAsync(PeriodicTimer ticks, CancellationToken ended)
    {
        try
        {
            return await ticks.WaitForNextTickAsync(ended);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
