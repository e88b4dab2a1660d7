using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Bus.DeadLetters;

/// <summary>Dead letters as documents; whatever the transport, they outlive it.</summary>
internal sealed class StoredDeadLetters(
    IServiceProvider services,
    IDocuments<DeadLetterDocument> letters,
    BusGate gate,
    TimeProvider time
) : IDeadLetters
{
    public async Task<IReadOnlyList<DeadLetterDocument>> ListAsync(CancellationToken cancellation = default)
    {
        var all = new List<DeadLetterDocument>();
        await foreach (var letter in letters.FindAsync(cancellation))
            all.Add(letter);
        return [.. all.OrderByDescending(letter => letter.Died)];
    }

    public Task<DeadLetterDocument?> FindAsync(string id, CancellationToken cancellation = default) =>
        letters.GetAsync(id, cancellation);

    public async Task<DeadLetterDocument> ReplayAsync(string id, CancellationToken cancellation = default)
    {
        var letter =
            await letters.GetAsync(id, cancellation)
            ?? throw new BadInputException($"there is no dead letter '{id}'; expected the id of one that is listed");
        var type =
            MessageEnvelope.TypeOf(letter.MessageType)
            ?? throw new BadInputException($"dead letter '{id}' is no message of the pipeline and cannot be replayed");
        await SendAsync(letter.Queue, letter.Message.Deserialize(type, WireFormat.Options)!, type, cancellation);

        // After sending: one that is sent twice changes nothing, one that is not sent at all would be lost.
        while (true)
        {
            var replayed = letter with { Replays = letter.Replays + 1, Replayed = time.GetUtcNow() };
            if (await letters.ReplaceAsync(replayed, cancellation) is { } stored)
                return stored;
            letter = await letters.GetAsync(id, cancellation) ?? letter;
        }
    }

    private async Task SendAsync(string queue, object message, Type type, CancellationToken cancellation)
    {
        await gate.Bound.WaitAsync(cancellation);
        // Its exchange, not its queue: who sends to a queue declares it, and only its readers know with what arguments.
        var endpoint = await services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"exchange:{queue}"));
        try
        {
            await endpoint.Send(message, type, Pipe.Execute<SendContext>(MustArrive), cancellation);
        }
        catch (MessageReturnedException)
        {
            throw new BadInputException($"queue '{queue}' does not exist any more; expected a service that reads it");
        }
    }

    private static void MustArrive(SendContext context)
    {
        if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
            rabbit.Mandatory = true;
    }
}
