using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace TransferPipeline.Hosting.Bus;

// The bus is asked for late: it is built from the observers of events, and these may themselves publish.
internal sealed class MassTransitStepBus(IServiceProvider services, BusGate gate) : IStepBus
{
    public async Task PublishAsync(object message, CancellationToken cancellation = default)
    {
        await gate.Bound.WaitAsync(cancellation);
        await services.GetRequiredService<IBus>().Publish(message, message.GetType(), cancellation);
    }
}
