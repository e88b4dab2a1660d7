using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Bus.DeadLetters;

namespace TransferPipeline.Standalone;

/// <summary>A look at the store and broker that the services of this machine use, named as for them: <c>Bus__Host</c> …</summary>
internal sealed class BrokerDesk : IAsyncDisposable
{
    private readonly IHost _host;

    private BrokerDesk(IHost host) => _host = host;

    public IDeadLetters DeadLetters => _host.Services.GetRequiredService<IDeadLetters>();

    /// <exception cref="BadInputException">No broker is configured.</exception>
    public static BrokerDesk Open(CommandContext context)
    {
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Storage:Home", (string?)context.Home)]);
        builder.Configuration.AddEnvironmentVariables();
        var bus = builder.Configuration.GetSection("Bus").Get<PipelineBusOptions>();
        if (bus?.Transport != BusTransport.RabbitMq)
            throw new BadInputException(
                "no broker is configured, and without one messages do not outlive their process: there are no dead "
                    + "letters to look at; expected Bus__Transport=RabbitMq, Bus__Host, Bus__User and Bus__PasswordFile, and "
                    + "Storage__… as the services have them"
            );
        builder.AddPipelineDefaults("transfer");
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(context.Verbose ? LogLevel.Information : LogLevel.Critical);
        builder.AddPipelineStorage();
        builder.Services.AddPipelineBus(builder.Configuration);
        return new BrokerDesk(builder.Build());
    }

    /// <summary>Connects to the broker.</summary>
    public Task StartAsync(CancellationToken cancellation) => _host.StartAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
