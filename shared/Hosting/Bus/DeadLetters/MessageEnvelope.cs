using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;

namespace TransferPipeline.Hosting.Bus.DeadLetters;

/// <summary>What of MassTransit's JSON envelope a dead letter keeps.</summary>
internal sealed record MessageEnvelope(string? MessageType, JsonObject? Message)
{
    private const string Prefix = "urn:message:";

    public static MessageEnvelope? Read(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject envelope && envelope["message"] is JsonObject message
                ? new MessageEnvelope(NameOf(envelope), message.DeepClone().AsObject())
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The type that Contracts declares under that name, or null.</summary>
    public static Type? TypeOf(string? name) => name is null ? null : typeof(RunId).Assembly.GetType(name);

    /// <summary><c>urn:message:Namespace:Name</c>; the interfaces of the message follow its own name.</summary>
    private static string? NameOf(JsonObject envelope)
    {
        var urns = envelope["messageType"] as JsonArray ?? [];
        return urns.Select(urn => (string?)urn ?? "")
            .Where(urn => urn.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(urn => urn[Prefix.Length..].Replace(':', '.'))
            .FirstOrDefault(name => TypeOf(name) is { IsInterface: false });
    }
}
