using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Bus;

namespace TransferPipeline.Hosting.Tests;

public sealed class When_a_host_starts
{
    [Theory]
    [InlineData("Bus:Port", "0", "Port")]
    [InlineData("Bus:Transport", "RabbitMq", "Bus:Password or Bus:PasswordFile is required")]
    [InlineData("Bus:PasswordFile", "nowhere/at-all", "names no file")]
    public async Task Wrong_options_stop_it_with_their_name(string key, string value, string message)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>(key, value)]);
        builder.Services.AddValidatedOptions<PipelineBusOptions>();
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(message, refusal.Message);
    }

    [Theory]
    [InlineData("MassTransit.Messages")]
    [InlineData("Microsoft.Hosting.Lifetime")]
    public void What_says_little_is_logged_where_it_is_asked_for(string category)
    {
        Assert.False(Says());
        Assert.True(Says($"--Logging:LogLevel:{category}=Information"));

        bool Says(params string[] args)
        {
            var builder = Host.CreateApplicationBuilder(args);
            builder.AddPipelineDefaults("test");
            using var host = builder.Build();
            return host
                .Services.GetRequiredService<ILoggerFactory>()
                .CreateLogger(category)
                .IsEnabled(LogLevel.Information);
        }
    }

    [Fact]
    public async Task Right_ones_are_bound()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddPipelineDefaults("test");
        builder.Configuration.AddInMemoryCollection([
            KeyValuePair.Create<string, string?>("Bus:VirtualHost", "studies"),
        ]);
        builder.AddValidatedOptions<PipelineBusOptions>();
        using var host = builder.Build();
        await host.StartAsync();

        var options = (IOptions<PipelineBusOptions>)host.Services.GetService(typeof(IOptions<PipelineBusOptions>))!;
        Assert.Equal(("studies", 5672), (options.Value.VirtualHost, options.Value.Port));
    }
}
