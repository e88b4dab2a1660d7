using System.Text.Json.Nodes;

namespace TransferPipeline.Pipeline.Tests.Remote;

public sealed class When_a_servers_dead_letters_are_looked_at : IAsyncLifetime
{
    private const string Letter = """
        { "id": "l1", "version": 1, "died": "2026-11-23T05:00:00Z", "queue": "sample", "messageType": "TransferPipeline.Contracts.Steps.SampleDataset", "reason": "no such step", "replays": 2, "body": "{}" }
        """;

    private readonly StudyFolder _study = new();
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeServer.StartAsync();
        _server.Answer = context =>
            (context.Request.Method, context.Request.Path.Value) switch
            {
                ("GET", "/api/dead-letters") => FakeServer.JsonAsync(context, 200, $"[{Letter}]"),
                ("GET", "/api/dead-letters/l1") => FakeServer.JsonAsync(context, 200, Letter),
                ("POST", "/api/dead-letters/l1/replay") => FakeServer.JsonAsync(context, 202, Letter),
                _ => FakeServer.JsonAsync(
                    context,
                    404,
                    """{ "detail": "There is no such dead letter." }""",
                    "application/problem+json"
                ),
            };
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _study.Dispose();
    }

    [Fact]
    public async Task They_are_listed_shown_and_replayed()
    {
        var table = await TransferAsync("dead-letters");
        var list = await TransferAsync("dead-letters", "list", "--json");
        var one = await TransferAsync("dead-letters", "show", "l1");
        var replayed = await TransferAsync("dead-letters", "replay", "l1");

        foreach (var cell in new[] { "l1", "sample", "SampleDataset", "no such step", "2" })
            Assert.Contains(cell, table.Output, StringComparison.Ordinal);
        Assert.Equal("no such step", (string?)Assert.Single(list.Json.AsArray())!["reason"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Letter), one.Json));
        Assert.Equal("Sent to sample again.", replayed.Output.Trim());
        Assert.Single(_server.Asked, asked => asked.Request == "POST /api/dead-letters/l1/replay");
    }

    [Fact]
    public async Task One_that_is_not_there_is_a_wrong_request()
    {
        var outcome = await TransferAsync("dead-letters", "show", "l2");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal("There is no such dead letter.", outcome.Error.Trim());
    }

    private Task<TransferProcess.Outcome> TransferAsync(params string[] arguments) =>
        TransferProcess.RunAsync(
            _study.Home,
            [.. arguments, "--server", _server.Address.ToString(), "--key-file", _study.Write("key", "tp_key")]
        );
}
