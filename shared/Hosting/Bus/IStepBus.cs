namespace TransferPipeline.Hosting.Bus;

/// <summary>Sends commands and events. They are wake-ups: any may be lost, doubled or late, and the store is the truth.</summary>
public interface IStepBus
{
    /// <summary>Publishes under the message's own type; waits until this process's queues are bound.</summary>
    Task PublishAsync(object message, CancellationToken cancellation = default);
}
