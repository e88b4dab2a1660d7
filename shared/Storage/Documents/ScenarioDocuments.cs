namespace TransferPipeline.Storage.Documents;

/// <summary>What started a run that nobody submitted by hand.</summary>
/// <param name="Trigger"><c>dataset-ingested</c> or <c>run-completed</c>.</param>
/// <param name="Event">The dataset's version (<c>sst2@3</c>), or the run that completed.</param>
/// <param name="Depth">How many runs in a row were started by the one before, this one included.</param>
public sealed record RunOrigin(string Trigger, string Event, int Depth);

/// <summary>A scenario that events start; the id is its name.</summary>
public sealed record ScenarioDocument : IDocument<ScenarioDocument>
{
    public static string Collection => "scenarios";
    public static IReadOnlyList<string> Indexes => ["afterScenario"];

    public required string Id { get; init; }
    public int Version { get; init; }

    /// <summary>The YAML text as it was added.</summary>
    public required string Source { get; init; }

    /// <summary>What messages call it.</summary>
    public required string FileName { get; init; }

    /// <summary>Names of datasets, <c>*</c> and <c>?</c> standing for any letters and for one; null: datasets do not start it.</summary>
    public string? DatasetName { get; init; }

    /// <summary>The input that the new version of the dataset fills.</summary>
    public string? DatasetInput { get; init; }

    /// <summary>The scenario whose completed runs start it; null: runs do not.</summary>
    public string? AfterScenario { get; init; }

    /// <summary>Events from before then start nothing.</summary>
    public required DateTimeOffset Registered { get; init; }

    public ScenarioDocument WithVersion(int version) => this with { Version = version };
}

/// <summary>What became of an event that a trigger saw.</summary>
public enum FiringState
{
    /// <summary>The run's steps are stored, the run itself may not be yet.</summary>
    Due,
    Started,

    /// <summary>The scenario could not be submitted.</summary>
    Refused,
}

/// <summary>An event that has started a scenario; the id is both, so there is one however often it is seen.</summary>
public sealed record FiringDocument : IDocument<FiringDocument>
{
    public static string Collection => "firings";
    public static IReadOnlyList<string> Indexes => ["state", "scenario"];

    public required string Id { get; init; }
    public int Version { get; init; }
    public required string Scenario { get; init; }
    public required RunOrigin Origin { get; init; }
    public required FiringState State { get; init; }

    /// <summary>The run as it is to be stored; whoever finds it missing stores it.</summary>
    public RunDocument? Run { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Error { get; init; }

    public required DateTimeOffset Fired { get; init; }

    public FiringDocument WithVersion(int version) => this with { Version = version };
}
