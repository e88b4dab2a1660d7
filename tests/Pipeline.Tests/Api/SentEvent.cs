using System.Text.Json.Nodes;

namespace TransferPipeline.Pipeline.Tests.Api;

/// <summary>One server-sent event.</summary>
internal sealed record SentEvent(string Name, string? Id, JsonNode Data)
{
    public static async IAsyncEnumerable<SentEvent> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        var fields = new Dictionary<string, string>();
        while (await reader.ReadLineAsync() is { } line)
            if (line.Length > 0)
            {
                var colon = line.IndexOf(": ", StringComparison.Ordinal);
                fields[line[..colon]] = line[(colon + 2)..];
            }
            else
            {
                if (fields.TryGetValue("data", out var data))
                    yield return new(fields["event"], fields.GetValueOrDefault("id"), JsonNode.Parse(data)!);
                fields.Clear();
            }
    }
}
