using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Http.Access;
using TransferPipeline.Hosting.Http.Idempotency;
using TransferPipeline.Hosting.Http.Uploads;

namespace TransferPipeline.Hosting.Http;

/// <summary>What the HTTP API of every service has in common.</summary>
public static class PipelineApi
{
    /// <summary>Registers the API of a service behind the gateway: it answers whoever brings the internal key.</summary>
    public static IHostApplicationBuilder AddPipelineApi(this IHostApplicationBuilder builder) =>
        builder.AddInternalKey().AddPipelineApiParts();

    /// <summary>Registers the API apart from who may call it; a check of callers must be registered too.</summary>
    public static IHostApplicationBuilder AddPipelineApiParts(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<ApiOptions>();
        builder.AddApiDocument();
        builder.Services.AddSingleton<UploadReceiver>();
        builder.Services.AddSingleton<IdempotencyBook>();
        builder.Services.AddHostedService<IdempotencySweeper>();
        builder
            .Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<ApiOptions>>(
                (kestrel, api) =>
                {
                    kestrel.AddServerHeader = false;
                    // Uploads lift it for themselves.
                    kestrel.Limits.MaxRequestBodySize = api.Value.MaxJsonBytes;
                }
            );
        return builder;
    }

    /// <summary>Request ids, problem documents, the gate, requests that happen once; before the endpoints are mapped.</summary>
    public static WebApplication UsePipelineApi(this WebApplication app)
    {
        app.Use(
            (context, next) =>
            {
                // When the answer starts: an error clears what was set before.
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers.XContentTypeOptions = "nosniff";
                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
        app.UseRequestIds();
        app.UseProblemAnswers();
        app.UseAccessGate();
        app.UseIdempotency();
        app.MapApiDocument();
        return app;
    }
}
