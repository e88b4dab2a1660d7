using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace TransferPipeline.Contracts;

/// <summary>The one JSON dialect of messages, documents, cards and reports.</summary>
public static class WireFormat
{
    /// <summary>Camel-cased names, enums as camel-cased strings, nulls left out.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>The same, indented for people.</summary>
    public static JsonSerializerOptions Readable { get; } = Create(indented: true);

    /// <summary>JSON with object keys in ordinal order and no white space: equal values give equal text.</summary>
    public static string Canonical(JsonNode? node) => Sorted(node)?.ToJsonString(Options) ?? "null";

    /// <summary>Writes JSON Lines, one value a line.</summary>
    public static async Task WriteLinesAsync<T>(
        Stream to,
        IEnumerable<T> values,
        CancellationToken cancellation = default
    )
    {
        var buffer = new BufferedStream(to, 64 * 1024);
        foreach (var value in values)
        {
            cancellation.ThrowIfCancellationRequested();
            JsonSerializer.Serialize(buffer, value, Options);
            buffer.WriteByte((byte)'\n');
        }
        await buffer.FlushAsync(cancellation);
    }

    /// <summary>Reads JSON Lines, each when it is asked for.</summary>
    /// <param name="what">What a line holds, for messages.</param>
    /// <exception cref="InvalidDataException">A line holds null.</exception>
    public static IEnumerable<T> ReadLines<T>(string path, string what = "value") =>
        File.ReadLines(path)
            .Select(line =>
                JsonSerializer.Deserialize<T>(line, Options)
                ?? throw new InvalidDataException($"{path} holds a line without a {what}.")
            );

    private static JsonNode? Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject all => new JsonObject(
                all.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))
            ),
            JsonArray items => new JsonArray(items.Select(Sorted).ToArray()),
            _ => node?.DeepClone(),
        };

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            WriteIndented = indented,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            RespectNullableAnnotations = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
