using MassTransit;
using TransferPipeline.Contracts;

namespace TransferPipeline.Hosting.Bus;

/// <summary>Hears of every dataset that is stored; registered as a singleton, it makes this process listen to them.</summary>
public interface IDatasetObserver
{
    /// <summary>A version of a dataset was stored. May be told twice, late, or not at all.</summary>
    Task IngestedAsync(string name, int number, CancellationToken cancellation);
}

/// <summary>The doorway for new datasets: tells whoever observes.</summary>
internal sealed class DatasetIngestedConsumer(IEnumerable<IDatasetObserver> observers) : IConsumer<DatasetIngested>
{
    public async Task Consume(ConsumeContext<DatasetIngested> context)
    {
        foreach (var observer in observers)
            await observer.IngestedAsync(context.Message.Name, context.Message.Version, context.CancellationToken);
    }
}

/// <summary>One queue for all who observe datasets.</summary>
internal sealed class DatasetIngestedConsumerDefinition : ConsumerDefinition<DatasetIngestedConsumer>
{
    public DatasetIngestedConsumerDefinition() => EndpointName = "dataset-events";

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<DatasetIngestedConsumer> consumerConfigurator,
        IRegistrationContext context
    ) =>
        // A store that is busy for a moment; after that the scan finds the dataset.
        consumerConfigurator.UseMessageRetry(retry =>
            retry.Intervals(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5))
        );
}
