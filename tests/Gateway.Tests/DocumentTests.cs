using System.Text.Json.Nodes;
using TransferPipeline.Gateway.Documents;

namespace TransferPipeline.Gateway.Tests;

public sealed class When_the_services_documents_are_merged
{
    private const string Datasets = """
        {
          "openapi": "3.1.1",
          "paths": { "/api/datasets": { "get": { "operationId": "list", "responses": { "200": { "$ref": "#/components/responses/Page" } } } }, "/health/live": { "get": {} } },
          "components": { "schemas": { "Same": { "type": "string" }, "Other": { "type": "integer" } }, "responses": { "Page": { "description": "datasets" } } }
        }
        """;

    private const string Models = """
        {
          "openapi": "3.1.1",
          "paths": { "/api/models": { "get": { "operationId": "list", "parameters": [ { "schema": { "$ref": "#/components/schemas/Other" } }, { "schema": { "$ref": "#/components/schemas/Same" } } ] } } },
          "components": { "schemas": { "Same": { "type": "string" }, "Other": { "type": "boolean" } } }
        }
        """;

    [Fact]
    public void Paths_stand_together_and_every_reference_leads_to_its_services_component()
    {
        var merged = Merge(("ingestion", Datasets), ("training", Models));

        Assert.Equal(["/api/datasets", "/api/models"], merged["paths"]!.AsObject().Select(path => path.Key));
        var schemas = merged["components"]!["schemas"]!;
        var parameters = merged["paths"]!["/api/models"]!["get"]!["parameters"]!;
        Assert.Equal("#/components/schemas/training-Other", (string?)parameters[0]!["schema"]!["$ref"]);
        Assert.Equal("#/components/schemas/Same", (string?)parameters[1]!["schema"]!["$ref"]);
        Assert.Equal(
            ("integer", "boolean"),
            ((string?)schemas["Other"]!["type"], (string?)schemas["training-Other"]!["type"])
        );
        Assert.Equal("datasets", (string?)merged["components"]!["responses"]!["Page"]!["description"]);
    }

    [Fact]
    public void Operations_of_one_name_are_told_apart()
    {
        var merged = Merge(("ingestion", Datasets), ("training", Models));

        Assert.Equal(
            ["ingestion-list", "training-list"],
            merged["paths"]!.AsObject().Select(path => (string?)path.Value!["get"]!["operationId"])
        );
    }

    [Fact]
    public void The_key_that_callers_need_is_declared()
    {
        var merged = Merge(("ingestion", Datasets));

        Assert.Equal("bearer", (string?)merged["components"]!["securitySchemes"]!["apiKey"]!["scheme"]);
        Assert.NotNull(merged["security"]![0]!["apiKey"]);
    }

    [Fact]
    public async Task The_gateway_serves_them_and_names_services_that_were_away()
    {
        await using var front = await Front.StartAsync("Gateway:DocumentAge=00:00:00");
        front.Services["ingestion"].OpenApi = Datasets;
        front.Services["training"].OpenApi = Models;
        front.Services["evaluation"].OpenApi = "no JSON";
        using var client = front.Nobody;

        var served = JsonNode.Parse(
            await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken)
        )!;

        Assert.Equal(["/api/datasets", "/api/models"], served["paths"]!.AsObject().Select(path => path.Key));
        Assert.Equal(["evaluation", "orchestration"], served["x-away"]!.AsArray().Select(name => (string?)name));
    }

    private static JsonObject Merge(params (string, string)[] documents) =>
        MergedOpenApi.Of(documents.Select(one => (one.Item1, JsonNode.Parse(one.Item2)!.AsObject())), []);
}
