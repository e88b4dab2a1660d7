using MassTransit;
using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Hosting.Bus;

/// <summary>The doorway for one type of event: tells whoever observes.</summary>
internal sealed class StepEventConsumer<TEvent>(IEnumerable<IStepEventObserver> observers) : IConsumer<TEvent>
    where TEvent : class, IStepEvent
{
    public async Task Consume(ConsumeContext<TEvent> context)
    {
        foreach (var observer in observers)
            await observer.EndedAsync(context.Message.Run, context.Message.Step, context.CancellationToken);
    }
}

/// <summary>All types of event share one queue.</summary>
internal sealed class StepEventConsumerDefinition<TEvent> : ConsumerDefinition<StepEventConsumer<TEvent>>
    where TEvent : class, IStepEvent
{
    public StepEventConsumerDefinition() => EndpointName = "step-events";

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<StepEventConsumer<TEvent>> consumerConfigurator,
        IRegistrationContext context
    )
    {
        // A store that is busy for a moment; after that the reconciler finds what the event would have told.
        consumerConfigurator.UseMessageRetry(retry =>
            retry.Intervals(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5))
        );
    }
}
