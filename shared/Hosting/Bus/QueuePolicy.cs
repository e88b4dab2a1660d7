using MassTransit;

namespace TransferPipeline.Hosting.Bus;

/// <summary>What all queues of wake-ups have in common.</summary>
internal static class QueuePolicy
{
    private const int HourInMilliseconds = 3_600_000;

    public static void Apply(IReceiveEndpointConfigurator endpoint)
    {
        // Takes microseconds each, and one at a time keeps the order of a run's events in the logs.
        endpoint.PrefetchCount = 32;

        if (endpoint is not IRabbitMqReceiveEndpointConfigurator queue)
            return;
        // Survives the loss of a broker node; in exchange it has no priorities, which nothing here needs.
        queue.SetQuorumQueue();
        // A queue whose service is gone would keep filling, and an hour-old wake-up says nothing the store does not.
        queue.SetQueueArgument("x-message-ttl", HourInMilliseconds);
    }
}
