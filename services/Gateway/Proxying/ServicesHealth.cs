using Microsoft.Extensions.Diagnostics.HealthChecks;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace TransferPipeline.Gateway.Proxying;

/// <summary>Ready while every service has an address that said it is.</summary>
internal sealed class ServicesHealth(IProxyStateLookup proxy) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var away = proxy
            .GetClusters()
            .Where(cluster => !cluster.DestinationsState.AllDestinations.Any(IsReady))
            .Select(cluster => cluster.ClusterId)
            .Order(StringComparer.Ordinal)
            .ToList();
        return Task.FromResult(
            away.Count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"Not ready: {string.Join(", ", away)}.")
        );
    }

    private static bool IsReady(DestinationState destination) =>
        destination.Health is { Active: DestinationHealth.Healthy, Passive: not DestinationHealth.Unhealthy };
}
