using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace TransferPipeline.Gateway.Proxying;

/// <summary>What holds for every service unless its own section says otherwise: health checks and patience.</summary>
internal sealed class ClusterDefaults(IOptions<GatewayOptions> options) : IProxyConfigFilter
{
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) =>
        new(
            cluster with
            {
                HealthCheck = cluster.HealthCheck ?? HealthCheck(),
                HttpRequest =
                    cluster.HttpRequest ?? new ForwarderRequestConfig { ActivityTimeout = options.Value.IdleLimit },
            }
        );

    public ValueTask<RouteConfig> ConfigureRouteAsync(
        RouteConfig route,
        ClusterConfig? cluster,
        CancellationToken cancel
    ) => new(route);

    private HealthCheckConfig HealthCheck() =>
        new()
        {
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Path = "/health/ready",
                Policy = "ConsecutiveFailures",
                Interval = options.Value.LookEvery,
                // A service that waits for its store answers within five seconds.
                Timeout = TimeSpan.FromSeconds(10),
            },
            // A connection refused is not sent to again before the next look.
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = true,
                Policy = "TransportFailureRate",
                ReactivationPeriod = options.Value.LookEvery,
            },
        };
}
