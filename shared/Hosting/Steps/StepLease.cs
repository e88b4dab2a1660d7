using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Steps;

/// <summary>A claimed step: every write goes through it, under the claim's fence, and renews the lease.</summary>
internal sealed class StepLease(StepDocument claimed, IDocuments<StepDocument> steps, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private StepDocument _current = claimed;
    private long _renewed = time.GetTimestamp();

    public string Step { get; } = claimed.Id;
    public long Fence { get; } = claimed.Fence;

    /// <summary>The document as last seen under this lease.</summary>
    public StepDocument Current => Volatile.Read(ref _current);

    /// <summary>Time since the store last accepted a write of this lease, on this machine's monotonic clock.</summary>
    public TimeSpan Age => time.GetElapsedTime(Volatile.Read(ref _renewed));

    /// <summary>Writes a change; null when the step is no longer this claim's, and nothing was written.</summary>
    public async Task<StepDocument?> UpdateAsync(
        Func<StepDocument, StepDocument> change,
        CancellationToken cancellation = default
    )
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            while (true)
            {
                var asked = time.GetTimestamp();
                var next = change(_current) with { Heartbeat = _current.Heartbeat + 1 };
                var stored = await steps.ReplaceAsync(next, cancellation) ?? await Seen(next, cancellation);
                if (stored is null)
                    return null;
                Volatile.Write(ref _current, stored);
                if (stored.Heartbeat != next.Heartbeat)
                    continue;
                Volatile.Write(ref _renewed, asked);
                return stored;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>
    /// Why a write was refused: null when the claim is lost, else the document as it stands. A write whose answer was lost
    /// on the way is recognised by its fence, state and heartbeat.
    /// </summary>
    private async Task<StepDocument?> Seen(StepDocument written, CancellationToken cancellation)
    {
        var seen = await steps.GetAsync(Step, cancellation);
        if (seen is null || seen.Fence != Fence)
            return null;
        var same = seen.State == written.State && seen.Heartbeat == written.Heartbeat;
        return same || seen.State == StepState.Running ? seen : null;
    }
}
