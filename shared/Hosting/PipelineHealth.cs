using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting;

/// <summary>What every process with a web server answers.</summary>
public static class PipelineHealth
{
    private const string Ready = "ready";

    /// <summary>
    /// Registers the checks behind <c>/health/ready</c>: the store answers, and the bus has started; and what <c>/metrics</c>
    /// shows.
    /// </summary>
    public static IHostApplicationBuilder AddPipelineHealth(this IHostApplicationBuilder builder)
    {
        builder.AddPipelineTelemetry();
        builder.Services.AddHealthChecks().AddCheck<StoreHealth>("store", tags: [Ready]);
        return builder;
    }

    /// <summary>
    /// <c>/health/live</c>: the process runs; <c>/health/ready</c>: store and bus can be reached; <c>/metrics</c>: for
    /// Prometheus.
    /// </summary>
    public static WebApplication MapPipelineDefaults(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks(
            "/health/ready",
            new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) }
        );
        return app.MapPipelineMetrics();
    }

    private sealed class StoreHealth(IDocuments<RunDocument> runs) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        )
        {
            try
            {
                await runs.GetAsync("health", cancellationToken).WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception away) when (!cancellationToken.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy("The store does not answer.", away);
            }
        }
    }
}
