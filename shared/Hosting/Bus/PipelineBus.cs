using MassTransit;
using MassTransit.DependencyInjection.Registration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus.DeadLetters;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Hosting.Bus;

/// <summary>The bus of a process, in memory or over RabbitMQ as section <c>Bus</c> of the configuration says.</summary>
public static class PipelineBus
{
    /// <summary>
    /// Registers <see cref="IStepBus"/>, a queue of commands for each registered <see cref="IStepHandler"/>, and the queue
    /// of events where an <see cref="IStepEventObserver"/> is registered; the order of registrations does not matter.
    /// </summary>
    public static IServiceCollection AddPipelineBus(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<PipelineBusOptions>();
        var options = configuration.GetSection("Bus").Get<PipelineBusOptions>() ?? new PipelineBusOptions();

        services.TryAddSingleton<StepWakeUps>();
        services.AddSingleton<BusGate>();
        services.AddSingleton<IStepBus, MassTransitStepBus>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IDeadLetters, StoredDeadLetters>();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddBusObserver(provider => provider.GetRequiredService<BusGate>());
            bus.AddConfigureEndpointsCallback(QueuePolicy.Apply);
            AddDoorways(bus);
            if (options.Transport == BusTransport.RabbitMq)
                bus.UsingRabbitMq((context, transport) => Configure(context, transport, options));
            else
                bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context, Wanted(context)));
        });

        // A broker that is away must not keep a process from working on what the store holds.
        services
            .AddOptions<MassTransitHostOptions>()
            .Configure(host => host.WaitUntilStarted = options.Transport == BusTransport.InMemory);
        return services;
    }

    private static void AddDoorways(IBusRegistrationConfigurator bus)
    {
        foreach (var kind in StepKinds.All)
        {
            var command = StepMessages.CommandOf(kind);
            bus.AddConsumer(CommandDoorway(command), typeof(StepCommandConsumerDefinition<>).MakeGenericType(command));
            foreach (var report in StepMessages.EventsOf(kind))
                bus.AddConsumer(EventDoorway(report), typeof(StepEventConsumerDefinition<>).MakeGenericType(report));
        }
        bus.AddConsumer<DatasetIngestedConsumer, DatasetIngestedConsumerDefinition>();
    }

    private static void Configure(
        IBusRegistrationContext context,
        IRabbitMqBusFactoryConfigurator transport,
        PipelineBusOptions options
    )
    {
        transport.Host(
            options.Host,
            (ushort)options.Port,
            options.VirtualHost,
            host =>
            {
                host.Username(options.User);
                host.Password(options.ReadPassword());
                // What was published is on the broker's disks, or the publisher hears that it is not.
                host.PublisherConfirmation = true;
                // A broker that is gone without a word is noticed, and reconnected to, within half a minute.
                host.Heartbeat(TimeSpan.FromSeconds(15));
            }
        );
        transport.ReceiveEndpoint(
            QueuePolicy.Graveyard,
            endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                QueuePolicy.Apply(context, QueuePolicy.Graveyard, endpoint);
            }
        );
        transport.ConfigureEndpoints(context, Wanted(context));
    }

    /// <summary>Only the doorways that somebody in this process stands behind: a queue without a reader would keep filling.</summary>
    private static Action<IRegistrationFilterConfigurator> Wanted(IServiceProvider services)
    {
        var handled = services.GetServices<IStepHandler>().Select(handler => handler.Kind.Uses).ToHashSet();
        // Asked for, not made: an observer may need the bus that is being configured here.
        var registered = services.GetRequiredService<IServiceProviderIsService>();
        var observed = registered.IsService(typeof(IStepEventObserver));
        var datasetsObserved = registered.IsService(typeof(IDatasetObserver));
        return filter =>
        {
            if (!datasetsObserved)
                filter.Exclude(typeof(DatasetIngestedConsumer));
            foreach (var kind in StepKinds.All)
            {
                if (!handled.Contains(kind.Uses))
                    filter.Exclude(CommandDoorway(StepMessages.CommandOf(kind)));
                if (!observed)
                    filter.Exclude([.. StepMessages.EventsOf(kind).Select(EventDoorway)]);
            }
        };
    }

    private static Type CommandDoorway(Type command) => typeof(StepCommandConsumer<>).MakeGenericType(command);

    private static Type EventDoorway(Type report) => typeof(StepEventConsumer<>).MakeGenericType(report);
}
