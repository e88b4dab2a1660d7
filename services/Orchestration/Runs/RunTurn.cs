using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>What a process keeps of a run between two of its events, which it takes one after another.</summary>
internal sealed class RunTurn
{
    public SemaphoreSlim Gate { get; } = new(1, 1);
    public RunView? View { get; set; }
    public StepWatch Watch { get; private set; } = new();

    /// <summary>Steps whose end has been followed up.</summary>
    public HashSet<string> Concluded { get; } = [];

    /// <summary>Everything is read again at the next event.</summary>
    public void Forget()
    {
        View = null;
        Watch = new StepWatch();
        Concluded.Clear();
    }
}

/// <summary>Notices ready and running steps that nothing is heard of, on this process's own monotonic clock.</summary>
internal sealed class StepWatch
{
    // As long as a lease: a living worker changes a running step's document three times in it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (int Version, long Since, bool Sent)> _seen = [];

    public void Sent(string step, TimeProvider time) =>
        _seen[step] = (_seen.GetValueOrDefault(step).Version, time.GetTimestamp(), true);

    /// <summary>Steps unchanged for too long, and ready ones whose command this process never sent.</summary>
    public IReadOnlySet<string> Overdue(IEnumerable<StepDocument> steps, TimeProvider time)
    {
        var overdue = new HashSet<string>();
        foreach (var step in steps)
        {
            if (step.State is not (StepState.Ready or StepState.Running))
            {
                _seen.Remove(step.Id);
                continue;
            }
            var known = _seen.TryGetValue(step.Id, out var seen);
            if (!known || (seen.Version != step.Version && !(seen.Sent && step.State == StepState.Ready)))
                _seen[step.Id] = (step.Version, time.GetTimestamp(), false);
            else if (time.GetElapsedTime(seen.Since) >= Patience)
                overdue.Add(step.Id);
            if (step is { State: StepState.Ready, CommandDue: true } && !_seen[step.Id].Sent)
                overdue.Add(step.Id);
        }
        return overdue;
    }
}
