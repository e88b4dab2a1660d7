using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Where messages ring for the worker; a ring while nobody waits is kept, further ones add nothing.</summary>
internal sealed class StepWakeUps
{
    private readonly ConcurrentDictionary<string, ImmutableList<WakeUp>> _byKind = new();

    public void Wake(string uses)
    {
        foreach (var bell in _byKind.GetValueOrDefault(uses, []))
            bell.Ring();
    }

    /// <summary>One bell for all these kinds.</summary>
    public WakeUp Listen(IEnumerable<string> kinds)
    {
        var bell = new WakeUp();
        foreach (var kind in kinds)
            _byKind.AddOrUpdate(kind, [bell], (_, others) => others.Add(bell));
        return bell;
    }
}

/// <summary>A bell that one listener waits for.</summary>
internal sealed class WakeUp
{
    private readonly SemaphoreSlim _rung = new(0, 1);

    public void Ring()
    {
        lock (_rung)
            if (_rung.CurrentCount == 0)
                _rung.Release();
    }

    public Task WaitAsync(CancellationToken cancellation) => _rung.WaitAsync(cancellation);
}
