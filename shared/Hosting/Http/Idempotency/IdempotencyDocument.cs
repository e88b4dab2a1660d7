using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Http.Idempotency;

/// <summary>A request that came under an <c>Idempotency-Key</c>, and its answer; the id is a hash of caller and key.</summary>
public sealed record IdempotencyDocument : IDocument<IdempotencyDocument>
{
    public static string Collection => "idempotency";
    public static IReadOnlyList<string> Indexes => [];

    public required string Id { get; init; }
    public int Version { get; init; }

    /// <summary>Method, path and query.</summary>
    public required string Request { get; init; }
    public required DateTimeOffset Began { get; init; }

    /// <summary>Names what the request makes; every attempt at it has the same, so that what one has made the next one finds.</summary>
    public string Name { get; init; } = "";

    /// <summary>An attempt came to nothing: anybody may make the next one.</summary>
    public bool Released { get; init; }

    /// <summary>The process that works on it.</summary>
    public required RunOwner Owner { get; init; }

    /// <summary>Hash of the body; null while the request is worked on.</summary>
    public string? Body { get; init; }
    public IdempotentAnswer? Answer { get; init; }

    public IdempotencyDocument WithVersion(int version) => this with { Version = version };
}

/// <summary>An answer as it was given.</summary>
public sealed record IdempotentAnswer(int Status, string? ContentType, string? Location, string Body);
