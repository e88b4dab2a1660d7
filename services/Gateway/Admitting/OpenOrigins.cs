using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Http;

namespace TransferPipeline.Gateway.Admitting;

/// <summary>Browsers may call from the pages of the configured origins and from no others.</summary>
internal static class OpenOrigins
{
    public static void AddOpenOrigins(this IServiceCollection services)
    {
        services.AddCors();
        services
            .AddOptions<CorsOptions>()
            .Configure<IOptions<GatewayOptions>>(
                (cors, options) =>
                    cors.AddDefaultPolicy(policy =>
                        policy
                            .WithOrigins([.. options.Value.Origins])
                            .WithMethods("GET", "POST")
                            .WithHeaders(
                                "Authorization",
                                "Content-Type",
                                "Idempotency-Key",
                                "Last-Event-ID",
                                RequestIds.Header
                            )
                            .WithExposedHeaders("Location", "Retry-After", "Idempotency-Replayed", RequestIds.Header)
                            .SetPreflightMaxAge(TimeSpan.FromHours(1))
                    )
            );
    }
}
