using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Bus.DeadLetters;

/// <summary>
/// The end of the way for a message whose consumer gave up, and for one that nobody here takes: it becomes a document.
/// Only then is it acknowledged, so that a store that is away loses none.
/// </summary>
internal sealed class DeadLetterFilter(IServiceProvider services, string queue)
    : IFilter<ExceptionReceiveContext>,
        IFilter<ReceiveContext>
{
    private const int LongestDetail = 8000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        await KeepAsync(context, queue, StepFaults.Describe(context.Exception), context.Exception.ToString());
        await next.Send(context);
    }

    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        var death = BrokerDeath.Of(context.TransportHeaders);
        if (death is null)
            await KeepAsync(context, queue, "No consumer of this queue takes such a message.", null);
        else if (!death.Expired)
            await KeepAsync(context, death.Queue, death.Reason, null);
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("dead-letters");

    private async Task KeepAsync(ReceiveContext context, string from, string reason, string? detail)
    {
        var body = context.Body.GetString();
        var envelope = MessageEnvelope.Read(body);
        var id = context.GetMessageId()?.ToString("N") ?? ContentHash.Digits(ContentHash.Of(body))[..32];
        var time = services.GetRequiredService<TimeProvider>();
        var letter = new DeadLetterDocument
        {
            Id = $"{id}.{from}",
            Queue = from,
            MessageType = envelope?.MessageType,
            Message = envelope?.Message,
            Body = envelope is null ? body : null,
            Reason = reason,
            Detail = detail?.Length > LongestDetail ? detail[..LongestDetail] : detail,
            Died = time.GetUtcNow(),
        };
        var log = services.GetRequiredService<ILogger<DeadLetterFilter>>();
        while (!await TryKeepAsync(letter, log, context.CancellationToken))
            await Task.Delay(Pause, time, context.CancellationToken);
        PipelineMetrics.MessageDied(from);
        log.LogError("A message in {Queue} is a dead letter, {Letter}: {Reason}", from, letter.Id, reason);
    }

    private async Task<bool> TryKeepAsync(DeadLetterDocument letter, ILogger log, CancellationToken cancellation)
    {
        try
        {
            // One that is there already came twice.
            await services.GetRequiredService<IDocuments<DeadLetterDocument>>().InsertAsync(letter, cancellation);
            return true;
        }
        catch (Exception away) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning(away, "The dead letter {Letter} could not be stored yet", letter.Id);
            return false;
        }
    }
}
