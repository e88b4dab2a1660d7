using System.Text.Json.Nodes;

namespace TransferPipeline.Gateway.Documents;

/// <summary>One OpenAPI document of several.</summary>
internal static class MergedOpenApi
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    // As the services name it.
    private const string Key = "apiKey";

    /// <summary>Joins paths and components; a component whose name is taken by another content gets the service's name in front.</summary>
    /// <param name="documents">The services' documents by the service's name, in the order in which names are taken.</param>
    /// <param name="away">Services whose document could not be had.</param>
    public static JsonObject Of(IEnumerable<(string Service, JsonObject Document)> documents, IEnumerable<string> away)
    {
        var paths = new JsonObject();
        var components = new JsonObject();
        foreach (var (service, original) in documents)
        {
            var document = Renamed(service, original, components);
            foreach (var (kind, entries) in document["components"]?.AsObject() ?? [])
            foreach (var (name, component) in entries?.AsObject() ?? [])
                Under(components, kind)[name] ??= component?.DeepClone();
            foreach (var (path, item) in document["paths"]?.AsObject() ?? [])
                if (path.StartsWith("/api/", StringComparison.Ordinal))
                    Join(Under(paths, path), item?.AsObject() ?? [], service);
        }

        Under(components, "securitySchemes")[Key] ??= new JsonObject { ["type"] = "http", ["scheme"] = "bearer" };
        var merged = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "TransferPipeline", ["version"] = "1" },
            ["security"] = new JsonArray(new JsonObject { [Key] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = components,
        };
        if (away.ToList() is { Count: > 0 } missing)
            merged["x-away"] = new JsonArray([.. missing.Select(name => JsonValue.Create(name))]);
        return merged;
    }

    private static void Join(JsonObject path, JsonObject item, string service)
    {
        foreach (var (key, value) in item)
        {
            if (path[key] is not null)
                continue;
            path[key] = value?.DeepClone();
            // Several services may have an operation 'list'; generated clients need names that differ.
            if (Methods.Contains(key) && path[key]?["operationId"] is JsonNode id)
                path[key]!["operationId"] = $"{service}-{id}";
        }
    }

    private static JsonObject Renamed(string service, JsonObject document, JsonObject taken)
    {
        var clashes = (document["components"]?.AsObject() ?? [])
            .SelectMany(kind =>
                (kind.Value?.AsObject() ?? []).Select(entry => (Kind: kind.Key, entry.Key, entry.Value))
            )
            .Where(one => taken[one.Kind]?[one.Key] is { } other && !JsonNode.DeepEquals(other, one.Value))
            .ToList();
        var text = document.ToJsonString();
        foreach (var (kind, name, _) in clashes)
            text = text.Replace(
                $"\"#/components/{kind}/{name}\"",
                $"\"#/components/{kind}/{service}-{name}\"",
                StringComparison.Ordinal
            );
        var renamed = JsonNode.Parse(text)!.AsObject();
        foreach (var (kind, name, _) in clashes)
        {
            var own = renamed["components"]![kind]!.AsObject();
            var moved = own[name];
            own.Remove(name);
            own[$"{service}-{name}"] = moved;
        }
        return renamed;
    }

    private static JsonObject Under(JsonObject parent, string key)
    {
        if (parent[key] is JsonObject there)
            return there;
        var made = new JsonObject();
        parent[key] = made;
        return made;
    }
}
