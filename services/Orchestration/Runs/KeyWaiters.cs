using System.Collections.Concurrent;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>Steps of this process's runs that wait until another step has computed their key.</summary>
internal sealed class KeyWaiters
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<(string Run, string Step), bool>> _byKey = new();

    public void Add(StepDocument step) => _byKey.GetOrAdd(step.Key!, _ => new())[(step.Run, step.Id)] = true;

    public void Remove(StepDocument step)
    {
        if (_byKey.TryGetValue(step.Key!, out var waiters))
            waiters.TryRemove((step.Run, step.Id), out _);
    }

    /// <summary>Who waited for that key, and waits no more.</summary>
    public IEnumerable<(string Run, string Step)> Take(string key) =>
        _byKey.TryRemove(key, out var waiters) ? waiters.Keys : [];
}
