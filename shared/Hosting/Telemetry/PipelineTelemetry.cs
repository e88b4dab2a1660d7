using MassTransit.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TransferPipeline.Hosting.Telemetry;

/// <summary>Traces, metrics and logs of a process, as section <c>Telemetry</c> of the configuration says.</summary>
public static class PipelineTelemetry
{
    /// <summary>Registers them; call after the process has its name.</summary>
    public static IHostApplicationBuilder AddPipelineTelemetry(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<PipelineTelemetryOptions>();
        var options =
            builder.Configuration.GetSection("Telemetry").Get<PipelineTelemetryOptions>()
            ?? new PipelineTelemetryOptions();
        if (options.JsonLogs)
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });

        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName, "transfer"))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(PipelineMetrics.Name, "Microsoft.AspNetCore.Hosting").AddPrometheusExporter();
                if (options.Otlp is not null)
                    metrics.AddOtlpExporter(exporter => Send(exporter, options, "v1/metrics"));
            })
            .WithTracing(traces =>
            {
                traces.AddSource(PipelineMetrics.Name, DiagnosticHeaders.DefaultListenerName);
                traces.AddAspNetCoreInstrumentation(web => web.Filter = IsNoProbe);
                if (options.Otlp is not null)
                    traces.AddOtlpExporter(exporter => Send(exporter, options, "v1/traces"));
            });
        return builder;
    }

    /// <summary><c>/metrics</c> for Prometheus, where the process has telemetry.</summary>
    public static WebApplication MapPipelineMetrics(this WebApplication app)
    {
        if (app.Services.GetService<MeterProvider>() is not null)
            app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    private static bool IsNoProbe(Microsoft.AspNetCore.Http.HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health") && !context.Request.Path.StartsWithSegments("/metrics");

    private static void Send(OtlpExporterOptions exporter, PipelineTelemetryOptions options, string path)
    {
        exporter.Protocol =
            options.OtlpProtocol == OtlpProtocol.Http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        // An address that is set in code is taken as it is, without the signal's path.
        exporter.Endpoint = options.OtlpProtocol == OtlpProtocol.Http ? new Uri(options.Otlp!, path) : options.Otlp!;
    }
}
