using MassTransit;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Hosting.Bus;

/// <summary>The doorway for commands of one kind of step: wakes the worker, which claims from the store.</summary>
internal sealed class StepCommandConsumer<TCommand>(StepWakeUps wakeUps) : IConsumer<TCommand>
    where TCommand : class, IStepCommand
{
    public Task Consume(ConsumeContext<TCommand> context)
    {
        wakeUps.Wake(StepMessages.Of(typeof(TCommand)).Uses);
        return Task.CompletedTask;
    }
}

/// <summary>One queue per kind, shared by all processes that do its work: a command wakes one of them.</summary>
internal sealed class StepCommandConsumerDefinition<TCommand> : ConsumerDefinition<StepCommandConsumer<TCommand>>
    where TCommand : class, IStepCommand
{
    public StepCommandConsumerDefinition() => EndpointName = "step-" + StepMessages.Of(typeof(TCommand)).Uses;
}
