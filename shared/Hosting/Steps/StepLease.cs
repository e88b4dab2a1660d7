using System.Text.Json;
using TransferPipeline.Contracts;
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
                if (await steps.ReplaceAsync(next, cancellation) is { } stored)
                {
                    Volatile.Write(ref _current, stored);
                    Volatile.Write(ref _renewed, asked);
                    return stored;
                }
                if (await steps.GetAsync(Step, cancellation) is not { } seen || seen.Fence != Fence)
                    return null;
                Volatile.Write(ref _current, seen);
                if (WasStored(next, seen))
                    return seen;
                if (seen.State != StepState.Running)
                    return null;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>
    /// Whether what is stored is that write, whose answer was lost on the way. A claim ends once; while it lasts, another
    /// unanswered write of it has the same fence and heartbeat, so all is compared.
    /// </summary>
    private static bool WasStored(StepDocument written, StepDocument seen) =>
        seen.State == written.State
        && seen.Heartbeat == written.Heartbeat
        && (seen.State != StepState.Running || Text(seen) == Text(written.WithVersion(seen.Version)));

    private static string Text(StepDocument step) => JsonSerializer.Serialize(step, WireFormat.Options);
}
