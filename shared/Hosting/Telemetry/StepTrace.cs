using System.Diagnostics;
using Microsoft.Extensions.Logging;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Telemetry;

/// <summary>One claim of a step, as traces, logs and metrics see it: a span of the run's trace, whatever process works on it.</summary>
internal sealed class StepTrace : IDisposable
{
    private readonly Activity? _activity;
    private readonly IDisposable? _scope;
    private readonly TimeProvider _time;
    private readonly long _started;

    private StepTrace(StepDocument step, TimeProvider time, ILogger log)
    {
        _time = time;
        _started = time.GetTimestamp();
        ActivityContext.TryParse(step.Trace, null, isRemote: true, out var run);
        _activity = PipelineMetrics.Source.StartActivity($"step {step.Uses}", ActivityKind.Consumer, run);
        _activity?.SetTag("transfer.run", step.Run);
        _activity?.SetTag("transfer.step", step.Id);
        _activity?.SetTag("transfer.kind", step.Uses);
        _activity?.SetTag("transfer.attempt", step.Attempts);
        _scope = log.BeginScope(
            new Dictionary<string, object>
            {
                ["run"] = step.Run,
                ["step"] = step.Id,
                ["fence"] = step.Fence,
            }
        );
    }

    public static StepTrace Start(StepDocument step, TimeProvider time, ILogger log) => new(step, time, log);

    /// <param name="step">As its worker last saw it; still running where another one has taken it over.</param>
    public void End(StepDocument step)
    {
        var state = step.State == StepState.Running ? "lost" : step.State.ToString().ToLowerInvariant();
        PipelineMetrics.StepEnded(step.Uses, state, _time.GetElapsedTime(_started));
        _activity?.SetTag("transfer.state", state);
        if (step.State is StepState.Failed or StepState.Quarantined)
            _activity?.SetStatus(ActivityStatusCode.Error, step.Error);
    }

    public void Dispose()
    {
        _scope?.Dispose();
        _activity?.Dispose();
    }
}
