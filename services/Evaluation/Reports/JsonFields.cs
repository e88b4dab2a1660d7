using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Makes JSON of values; what is null is left out.</summary>
internal static class JsonFields
{
    public static JsonNode? Json<T>(T value) => JsonSerializer.SerializeToNode(value, WireFormat.Options);

    public static JsonArray List(IEnumerable<JsonObject> items) => new([.. items]);

    public static JsonObject Fields(params IEnumerable<(string Name, JsonNode? Value)> fields)
    {
        var all = new JsonObject();
        foreach (var (name, value) in fields)
            if (value is not null)
                all[name] = value;
        return all;
    }
}
