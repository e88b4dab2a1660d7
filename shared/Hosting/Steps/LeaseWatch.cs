using System.Collections.Concurrent;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Steps;

/// <summary>
/// Tells leases that ran out: the same fence and heartbeat seen for the lease's length on this process's own monotonic
/// clock. Clocks of machines are never compared.
/// </summary>
public sealed class LeaseWatch(TimeProvider time)
{
    private const int ManySights = 1024;

    private readonly ConcurrentDictionary<string, Sight> _first = new();

    /// <summary>Looks at a running step; true when its worker gave no sign of life for that long.</summary>
    public bool HasExpired(StepDocument step, TimeSpan lease)
    {
        var now = time.GetTimestamp();
        var first = _first.AddOrUpdate(
            step.Id,
            _ => new Sight(step.Fence, step.Heartbeat, now),
            (_, known) =>
                known.Fence == step.Fence && known.Heartbeat == step.Heartbeat
                    ? known
                    : new Sight(step.Fence, step.Heartbeat, now)
        );
        if (_first.Count > ManySights)
            Forget(now, lease * 4);
        return time.GetElapsedTime(first.At, now) >= lease;
    }

    /// <summary>A sight that old belongs to a step that has ended; one that still runs is only watched anew.</summary>
    private void Forget(long now, TimeSpan age)
    {
        foreach (var (step, sight) in _first)
            if (time.GetElapsedTime(sight.At, now) > age)
                _first.TryRemove(step, out _);
    }

    private readonly record struct Sight(long Fence, long Heartbeat, long At);
}
