using MassTransit;
using TransferPipeline.Hosting.Bus.DeadLetters;

namespace TransferPipeline.Hosting.Bus;

/// <summary>What all queues of wake-ups have in common.</summary>
internal static class QueuePolicy
{
    /// <summary>The queue that RabbitMQ moves messages to which it will not deliver any more.</summary>
    public const string Graveyard = "step-dead-letters";

    /// <summary>A message that was with its consumer each time that one's process died is what kills it.</summary>
    public const int DeliveryLimit = 10;

    private const int HourInMilliseconds = 3_600_000;

    public static void Apply(IServiceProvider services, string name, IReceiveEndpointConfigurator endpoint)
    {
        // Takes microseconds each, and one at a time keeps the order of a run's events in the logs.
        endpoint.PrefetchCount = 32;

        var filter = new DeadLetterFilter(services, name);
        endpoint.ConfigureError(pipe => pipe.UseFilter(filter));
        endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(filter));

        if (endpoint is not IRabbitMqReceiveEndpointConfigurator queue)
            return;
        // Survives the loss of a broker node; in exchange it has no priorities, which nothing here needs.
        queue.SetQuorumQueue();
        if (name == Graveyard)
            return;
        // A queue whose service is gone would keep filling, and an hour-old wake-up says nothing the store does not.
        queue.SetQueueArgument("x-message-ttl", HourInMilliseconds);
        queue.SetQueueArgument("x-delivery-limit", DeliveryLimit);
        // Kept in its queue until the graveyard has it; the broker asks for the overflow rule beside it.
        queue.SetQueueArgument("x-dead-letter-exchange", Graveyard);
        queue.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
        queue.SetQueueArgument("x-overflow", "reject-publish");
    }
}
