using System.Diagnostics;
using System.Diagnostics.Metrics;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Telemetry;

/// <summary>What is measured, and the source of the pipeline's traces; both cost nothing while nobody listens.</summary>
public static class PipelineMetrics
{
    /// <summary>Names the meter and the source of activities.</summary>
    public const string Name = "TransferPipeline";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Ended = Meter.CreateCounter<long>(
        "transfer.steps.ended",
        description: "Steps that this process worked on, by kind and by the state they ended in."
    );
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "transfer.step.duration",
        "s",
        "Time from a claim to its end.",
        advice: Seconds(0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200)
    );
    private static readonly Histogram<double> Queues = Meter.CreateHistogram<double>(
        "transfer.step.queue",
        "s",
        "Time from ready to the first claim.",
        advice: Seconds(0.005, 0.02, 0.1, 0.5, 1, 2, 5, 15, 60, 300, 1800)
    );
    private static readonly Histogram<double> Claims = Meter.CreateHistogram<double>(
        "transfer.claim.duration",
        "s",
        "Time that it took to find and claim a step.",
        advice: Seconds(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2)
    );
    private static readonly Counter<long> ExamplesDone = Meter.CreateCounter<long>(
        "transfer.examples",
        description: "Examples that training and scoring went through."
    );
    private static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>(
        "transfer.dead.letters",
        description: "Messages that no consumer could take, by queue."
    );
    private static IReadOnlyList<StepCount> _census = [];

    static PipelineMetrics()
    {
        Meter.CreateObservableGauge(
            "transfer.steps",
            () => _census.Select(count => count.AsMeasurement()),
            description: "Steps of the store that have not ended, by kind and state."
        );
        Meter.CreateObservableGauge(
            "transfer.backlog",
            () => _census.GroupBy(count => count.Kind).Select(Backlog),
            description: "Steps of the store that are ready or running, by kind: what to scale workers on."
        );
        Meter.CreateObservableGauge(
            "transfer.process.memory",
            () => Environment.WorkingSet,
            "By",
            "Memory that the process holds."
        );
    }

    /// <summary>Starts and joins the activities of a run.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Counts examples of that kind of step.</summary>
    public static void AddExamples(string kind, long count) => ExamplesDone.Add(count, Kind(kind));

    internal static void StepClaimed(string kind, TimeSpan took, TimeSpan? queued)
    {
        Claims.Record(took.TotalSeconds, Kind(kind));
        if (queued is { } waited)
            Queues.Record(Math.Max(0, waited.TotalSeconds), Kind(kind));
    }

    internal static void StepEnded(string kind, string state, TimeSpan took)
    {
        Ended.Add(1, Kind(kind), new("state", state));
        Durations.Record(took.TotalSeconds, Kind(kind), new("state", state));
    }

    internal static void MessageDied(string queue) =>
        DeadLetters.Add(1, new KeyValuePair<string, object?>("queue", queue));

    internal static void Report(IReadOnlyList<StepCount> census) => _census = census;

    private static Measurement<int> Backlog(IGrouping<string, StepCount> kind) =>
        new(
            kind.Where(count => count.State is StepState.Ready or StepState.Running).Sum(count => count.Count),
            Kind(kind.Key)
        );

    private static KeyValuePair<string, object?> Kind(string kind) => new("kind", kind);

    private static InstrumentAdvice<double> Seconds(params double[] bounds) =>
        new() { HistogramBucketBoundaries = bounds };
}

/// <summary>How many steps of a kind are in a state.</summary>
internal sealed record StepCount(string Kind, StepState State, int Count)
{
    public Measurement<int> AsMeasurement() =>
        new(Count, new("kind", Kind), new KeyValuePair<string, object?>("state", State.ToString().ToLowerInvariant()));
}
