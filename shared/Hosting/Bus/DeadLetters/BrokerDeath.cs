using MassTransit;

namespace TransferPipeline.Hosting.Bus.DeadLetters;

/// <summary>Why RabbitMQ itself took a message out of its queue.</summary>
/// <param name="Expired">It waited longer than a wake-up is worth: no fault of anybody.</param>
internal sealed record BrokerDeath(string Queue, string Reason, bool Expired)
{
    public static BrokerDeath? Of(Headers headers)
    {
        if (!headers.TryGetHeader("x-first-death-reason", out var why))
            return null;
        headers.TryGetHeader("x-first-death-queue", out var queue);
        return why?.ToString() switch
        {
            "expired" => new BrokerDeath(Text(queue), "It waited too long.", Expired: true),
            "delivery_limit" => new BrokerDeath(
                Text(queue),
                $"It was delivered {QueuePolicy.DeliveryLimit} times, and each time its consumer was gone before it had taken it.",
                Expired: false
            ),
            var other => new BrokerDeath(Text(queue), $"The broker took it out of its queue: {other}.", Expired: false),
        };
    }

    private static string Text(object? header) => header?.ToString() ?? "unknown";
}
