using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Hosting.Telemetry;

/// <summary>Section <c>Telemetry</c> of the configuration.</summary>
public sealed class PipelineTelemetryOptions : IValidatableObject
{
    /// <summary>Where traces and metrics are sent (<c>http://collector:4317</c>); null: nowhere, metrics are only served.</summary>
    public Uri? Otlp { get; set; }

    /// <summary>How they are sent there.</summary>
    public OtlpProtocol OtlpProtocol { get; set; } = OtlpProtocol.Grpc;

    /// <summary>One JSON document per line of the log, with the ids of run and step.</summary>
    public bool JsonLogs { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Otlp is { IsAbsoluteUri: false } or { Scheme: not ("http" or "https") })
            yield return new($"Telemetry:Otlp is no http address: {Otlp}", [nameof(Otlp)]);
    }
}

/// <summary>How OTLP is spoken.</summary>
public enum OtlpProtocol
{
    Grpc,

    /// <summary>Binary over HTTP, to the collector's own path.</summary>
    Http,
}
