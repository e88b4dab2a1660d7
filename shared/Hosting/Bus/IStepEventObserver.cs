using TransferPipeline.Contracts;

namespace TransferPipeline.Hosting.Bus;

/// <summary>Hears of every event of every kind of step; registered as a singleton, it makes this process listen to them.</summary>
public interface IStepEventObserver
{
    /// <summary>A step came to an end or waits for its next attempt; its document says which. May be told twice or late.</summary>
    Task EndedAsync(RunId run, StepId step, CancellationToken cancellation);
}
