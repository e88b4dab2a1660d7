using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Storage.Documents;

/// <summary>Where a step stands.</summary>
public enum StepState
{
    /// <summary>Its needs are not all done.</summary>
    Waiting,

    /// <summary>May be claimed.</summary>
    Ready,

    /// <summary>Claimed; its lease is renewed by a worker.</summary>
    Running,

    Completed,

    /// <summary>Failed for good.</summary>
    Failed,

    /// <summary>A step it needs did not complete.</summary>
    Skipped,

    Cancelled,

    /// <summary>Its workers died as often as attempts are allowed.</summary>
    Quarantined,
}

/// <summary>One unit of work of a run; the truth about it.</summary>
public sealed record StepDocument : IDocument<StepDocument>
{
    public static string Collection => "steps";
    public static IReadOnlyList<string> Indexes => ["run", "state", "uses", "key"];

    public required string Id { get; init; }
    public int Version { get; init; }

    public required string Run { get; init; }

    /// <summary>The step's name in the scenario.</summary>
    public required string Name { get; init; }

    /// <summary>The matrix values that reach this step, by matrix key, in the scenario's order.</summary>
    public required IReadOnlyDictionary<string, string> Cell { get; init; }

    public required string Uses { get; init; }

    /// <summary>The spec of its kind as JSON, defaults included.</summary>
    public required JsonObject Parameters { get; init; }

    public required IReadOnlyList<StepInput> Inputs { get; init; }

    /// <summary>Steps that must complete first.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>The step runs when its needs have ended, in whatever way (the report).</summary>
    public bool RunsAfterFailure { get; init; }

    public StepState State { get; init; } = StepState.Waiting;

    /// <summary>Hash of all its result depends on; known when it becomes ready.</summary>
    public string? Key { get; init; }

    /// <summary>Precision and device, decided when the run was submitted; part of the key.</summary>
    public string Precision { get; init; } = "fp32";
    public string Device { get; init; } = "cpu";

    /// <summary>Never answer this step from an earlier result.</summary>
    public bool NoCache { get; init; }

    /// <summary>Rises with each claim; a result under an older fence is refused.</summary>
    public long Fence { get; init; }

    /// <summary>Rises with each renewal of the lease.</summary>
    public long Heartbeat { get; init; }

    public string? Worker { get; init; }

    /// <summary>Claims so far; a graceful release gives its own back.</summary>
    public int Attempts { get; init; }

    /// <summary>Not to be claimed before (back-off after a transient error).</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public StepProgress? Progress { get; init; }

    /// <summary>Checkpoints of the unfinished work, newest first; at most two.</summary>
    public IReadOnlyList<StepCheckpoint> Checkpoints { get; init; } = [];

    public StepOutput? Output { get; init; }

    /// <summary>The run whose step computed the output, where it came from the cache.</summary>
    public string? CachedFrom { get; init; }

    public string? Error { get; init; }

    /// <summary>A command is owed for the ready step; who claims it takes the debt away.</summary>
    public bool CommandDue { get; init; }

    /// <summary>When it became ready first, on the clock of who saw it; for people and metrics only.</summary>
    public DateTimeOffset? ReadySince { get; init; }

    /// <summary>The run's trace as W3C writes it (<c>00-…</c>), so that steps in whatever process join it; null: not traced.</summary>
    public string? Trace { get; init; }

    public DateTimeOffset? Started { get; init; }
    public DateTimeOffset? Ended { get; init; }

    public StepDocument WithVersion(int version) => this with { Version = version };
}

/// <summary>How far a running step is.</summary>
/// <param name="Done">Share done, 0 to 1.</param>
/// <param name="Text">For people: <c>update 120 of 400, loss 0.31, dev 0.86</c>.</param>
public sealed record StepProgress(double Done, string Text, TimeSpan? Left = null);

/// <summary>A point that unfinished work can go on from.</summary>
/// <param name="Position">Updates or examples done.</param>
/// <param name="Files">File names and artefact hashes.</param>
public sealed record StepCheckpoint(long Position, IReadOnlyDictionary<string, string> Files);
