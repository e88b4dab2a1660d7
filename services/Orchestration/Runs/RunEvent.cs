using TransferPipeline.Contracts.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>What the workflow is told.</summary>
internal abstract record RunEvent
{
    /// <summary>Look at every step: whatever was missed is found.</summary>
    /// <param name="Overdue">Ready and running steps that nothing was heard of for too long.</param>
    public sealed record Scanned(IReadOnlySet<string> Overdue) : RunEvent;

    /// <summary>One step's document is not as it was thought to be.</summary>
    public sealed record StepSeen(string Step) : RunEvent;

    /// <summary>A step may have ended; those that need it are looked at.</summary>
    public sealed record StepEnded(string Step) : RunEvent;

    /// <summary>What is known of a key that was asked for.</summary>
    public sealed record KeyAnswered(string Step, string Key, KeyAnswer Answer) : RunEvent;

    /// <param name="Abandoned">The process that owned the run is gone, so its running steps end at once.</param>
    public sealed record CancelAsked(bool Abandoned) : RunEvent;

    /// <param name="Steps">The stranded steps to take up; null: all.</param>
    public sealed record RetryAsked(IReadOnlySet<string>? Steps, RunOwner? Owner) : RunEvent;

    /// <summary>Another process takes the run over; what the dead one had claimed is free.</summary>
    public sealed record ResumeAsked(RunOwner? Owner) : RunEvent;
}

/// <summary>What is known of a step's key.</summary>
internal abstract record KeyAnswer
{
    /// <summary>This step is to compute it.</summary>
    public sealed record Compute : KeyAnswer;

    /// <summary>It is computed already, and all of it is there.</summary>
    public sealed record Known(StepOutput Output, string Run) : KeyAnswer;

    /// <summary>Another step is computing it.</summary>
    public sealed record InFlight : KeyAnswer;
}

/// <summary>A document to be stored by compare-and-set, alone.</summary>
internal abstract record RunChange
{
    public sealed record Of(StepDocument Step) : RunChange;

    public sealed record OfRun(RunDocument Run) : RunChange;
}

/// <summary>Something to do that is not a write.</summary>
internal abstract record RunCommand
{
    /// <summary>Ask what is known of a step's key.</summary>
    public sealed record LookUp(StepDocument Step) : RunCommand;

    /// <summary>Wake the owner of a ready step.</summary>
    public sealed record Send(StepDocument Step) : RunCommand;
}

/// <summary>What an event leads to, in the order in which it is to be done.</summary>
internal sealed record Decision(IReadOnlyList<RunChange> Changes, IReadOnlyList<RunCommand> Commands)
{
    public bool EndsRun => Changes.Any(change => change is RunChange.OfRun { Run.State: not RunState.Running });
}
