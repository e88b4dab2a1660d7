using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace TransferPipeline.Hosting;

/// <summary>What every process has in common: clock, logs, time to stop.</summary>
public static class PipelineDefaults
{
    private static readonly Dictionary<string, string?> Quiet = new()
    {
        ["Logging:LogLevel:MassTransit"] = nameof(LogLevel.Warning),
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = nameof(LogLevel.Warning),
    };

    /// <summary>Registers the defaults for the process of that name.</summary>
    public static IHostApplicationBuilder AddPipelineDefaults(this IHostApplicationBuilder builder, string name)
    {
        builder.Environment.ApplicationName = name;
        builder.Services.TryAddSingleton(TimeProvider.System);

        // Standard output belongs to what the user asked for.
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace
        );

        // The first source: files, environment and arguments say otherwise.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Quiet });

        // Long enough for a worker to write a checkpoint of a large model before it releases its step.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(1));
        return builder;
    }
}
