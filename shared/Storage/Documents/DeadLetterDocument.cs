using System.Text.Json.Nodes;

namespace TransferPipeline.Storage.Documents;

/// <summary>A message that its consumer could not take, and why; kept until somebody removes it.</summary>
public sealed record DeadLetterDocument : IDocument<DeadLetterDocument>
{
    public static string Collection => "deadletters";
    public static IReadOnlyList<string> Indexes => ["queue"];

    /// <summary>The message's own id and its queue: a message that dies twice in one queue is one letter.</summary>
    public required string Id { get; init; }
    public int Version { get; init; }

    /// <summary>The queue it was taken from, and goes back to when it is replayed.</summary>
    public required string Queue { get; init; }

    /// <summary>The message's name in Contracts; null where the body is no message of the pipeline.</summary>
    public string? MessageType { get; init; }

    /// <summary>The message; null where the body could not be read.</summary>
    public JsonObject? Message { get; init; }

    /// <summary>The body as it came, where it could not be read.</summary>
    public string? Body { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Reason { get; init; }

    /// <summary>The error with its stack, where there was one.</summary>
    public string? Detail { get; init; }

    public required DateTimeOffset Died { get; init; }

    /// <summary>How often it was sent again, and when last.</summary>
    public int Replays { get; init; }
    public DateTimeOffset? Replayed { get; init; }

    public DeadLetterDocument WithVersion(int version) => this with { Version = version };
}
