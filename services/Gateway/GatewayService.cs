using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using TransferPipeline.Gateway.Admitting;
using TransferPipeline.Gateway.Documents;
using TransferPipeline.Gateway.Proxying;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Hosting.Http.Access;
using TransferPipeline.Hosting.Telemetry;

namespace TransferPipeline.Gateway;

/// <summary>The one way in: keys, limits and routes to the services.</summary>
internal static class GatewayService
{
    // A scenario is a few kilobytes; routes that take uploads allow more.
    private const long MostBytes = 8 << 20;

    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        AddRoutes(builder);
        builder.AddPipelineTelemetry();
        builder.AddValidatedOptions<GatewayOptions>();
        builder.AddApiKeys();
        builder.AddValidatedOptions<InternalOptions>();
        builder.Services.AddSingleton<IValidateOptions<AccessOptions>, RequiredKeys>();
        builder.Services.AddSingleton<IValidateOptions<InternalOptions>, RequiredKeys>();
        builder.Services.AddRateLimits();
        builder.Services.AddOpenOrigins();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // An upload may come over a slow line; how long a body may be is said per route.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MaxRequestBodySize = MostBytes;
        });

        builder
            .Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddConfigFilter<ClusterDefaults>()
            .AddTransforms<InternalHeaders>();
        builder.Services.AddHealthChecks().AddCheck<ServicesHealth>("services", tags: ["ready"]);
        builder.Services.AddHttpClient(nameof(ServicesDocument));
        builder.Services.AddSingleton<ServicesDocument>();
        return builder;
    }

    public static WebApplication MapGateway(this WebApplication app)
    {
        app.UseRequestIds();
        app.UseSecurityHeaders();
        app.UseProblemAnswers();
        app.UseCors();
        app.UseRateLimiter();
        app.UseAccessGate();
        app.MapPipelineDefaults();
        app.MapGet(
            ApiDocument.Path,
            async (ServicesDocument documents, CancellationToken cancellation) =>
                Results.Text(await documents.ReadAsync(cancellation), "application/json")
        );
        app.MapReverseProxy(proxy =>
        {
            proxy.UseForwardingFaults();
            proxy.UseSessionAffinity();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }

    private static void AddRoutes(WebApplicationBuilder builder)
    {
        // Before all other sources, so that environment and arguments change what it says.
        var routes = new JsonConfigurationSource
        {
            Path = "gateway.json",
            FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
        };
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, routes);
    }
}
