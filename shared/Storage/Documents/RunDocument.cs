using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Storage.Documents;

/// <summary>Where a run stands.</summary>
public enum RunState
{
    Running,
    Completed,

    /// <summary>Every step has ended, and at least one did not complete.</summary>
    Failed,
    Cancelled,
}

/// <summary>One execution of a scenario: the graph and its state; the steps are documents of their own.</summary>
public sealed record RunDocument : IDocument<RunDocument>
{
    public static string Collection => "runs";
    public static IReadOnlyList<string> Indexes => ["state", "scenario"];

    public required string Id { get; init; }
    public int Version { get; init; }

    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>The scenario file as submitted.</summary>
    public required string Source { get; init; }

    /// <summary>The overrides as given, <c>seed=13,21</c>.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    public string? Preset { get; init; }

    /// <summary>Matrix keys in the scenario's order.</summary>
    public IReadOnlyList<string> MatrixKeys { get; init; } = [];

    public required ReportSpec Report { get; init; }

    /// <summary>Step ids in an order in which needs come first.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    public RunState State { get; init; } = RunState.Running;
    public bool CancelRequested { get; init; }

    /// <summary>The process whose workers may claim this run's steps; null: any.</summary>
    public RunOwner? Owner { get; init; }

    /// <summary>The event that started it; null: somebody asked for it.</summary>
    public RunOrigin? StartedBy { get; init; }

    /// <summary>The trace that its steps join, as W3C writes it; null: not traced.</summary>
    public string? Trace { get; init; }

    public required DateTimeOffset Submitted { get; init; }
    public DateTimeOffset? Finished { get; init; }

    public RunDocument WithVersion(int version) => this with { Version = version };
}
