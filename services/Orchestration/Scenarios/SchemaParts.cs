using System.Text.Json.Nodes;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>What a JSON Schema of scenarios is put together from.</summary>
internal static class SchemaParts
{
    public static JsonObject Text(string description, string? pattern = null)
    {
        var schema = new JsonObject { ["description"] = description, ["type"] = "string" };
        if (pattern is not null)
            schema["pattern"] = pattern;
        return schema;
    }

    public static JsonObject List() =>
        new()
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["uniqueItems"] = true,
            ["items"] = Value(),
        };

    public static JsonObject Map() => new() { ["type"] = "object", ["additionalProperties"] = Value() };

    public static JsonObject Value(bool orNothing = false) =>
        new()
        {
            ["type"] = orNothing
                ? new JsonArray("string", "number", "boolean", "null")
                : new JsonArray("string", "number", "boolean"),
        };

    public static JsonObject Properties(string name, JsonObject schema) =>
        new() { ["properties"] = new JsonObject { [name] = schema } };
}
