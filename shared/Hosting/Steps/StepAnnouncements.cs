using Microsoft.Extensions.Logging;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Tells of steps that came to an end, after the store holds it.</summary>
internal sealed class StepAnnouncements(IStepBus bus, ILogger<StepAnnouncements> log)
{
    // A broker that is away must not hold a slot; the reconciler finds what the event would have told.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public Task CompletedAsync(StepDocument step, CancellationToken cancellation) =>
        PublishAsync(step, kind => kind.Completed(new RunId(step.Run), new StepId(step.Id)), cancellation);

    public Task FailedAsync(StepDocument step, CancellationToken cancellation) =>
        PublishAsync(step, kind => kind.Failed(new RunId(step.Run), new StepId(step.Id)), cancellation);

    private async Task PublishAsync(
        StepDocument step,
        Func<StepKind, IStepEvent> report,
        CancellationToken cancellation
    )
    {
        if (StepKinds.Find(step.Uses) is not { } kind)
            return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await bus.PublishAsync(report(kind), patience.Token);
        }
        catch (Exception lost)
        {
            log.LogWarning(lost, "The end of step {Step} could not be announced", step.Id);
        }
    }
}
