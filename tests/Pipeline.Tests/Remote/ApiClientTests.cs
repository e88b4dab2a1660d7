using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Remote;

namespace TransferPipeline.Pipeline.Tests.Remote;

public sealed class When_a_server_is_spoken_to : IAsyncLifetime
{
    private FakeServer _server = null!;
    private ApiClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeServer.StartAsync();
        _client = new ApiClient(_server.Address, "tp_key", TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_order_that_was_not_answered_is_sent_again_under_the_same_key()
    {
        var statuses = new Queue<int>([503, 502, 200]);
        _server.Answer = context => FakeServer.JsonAsync(context, statuses.Dequeue(), """{ "done": true }""");

        var answer = await _client.PostJsonAsync<JsonObject>("api/clean", new { DryRun = true }, Cancellation);

        Assert.True((bool)answer["done"]!);
        Assert.Equal(3, _server.Asked.Count);
        var (request, key, body) = Assert.Single(_server.Asked.Distinct());
        Assert.Equal(("POST /api/clean", """{"dryRun":true}"""), (request, body));
        Assert.NotEqual("", key);
    }

    [Fact]
    public async Task An_order_that_the_server_is_still_at_work_on_is_waited_for()
    {
        var statuses = new Queue<int>([502, 409, 409, 201]);
        _server.Answer = context => FakeServer.JsonAsync(context, statuses.Dequeue(), """{ "done": true }""");

        var answer = await _client.PostAsync<JsonObject>("api/runs/one/cancel", null, Cancellation);

        Assert.True((bool)answer["done"]!);
        Assert.Single(_server.Asked.Distinct());
    }

    [Fact]
    public async Task A_conflict_at_once_is_a_refusal()
    {
        _server.Answer = context => FakeServer.JsonAsync(context, 409, """{ "detail": "has ended already" }""");

        var wrong = await Assert.ThrowsAsync<BadInputException>(() =>
            _client.PostAsync<JsonObject>("api/runs/one/cancel", null, Cancellation)
        );

        Assert.Equal(["has ended already"], wrong.Problems);
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task Two_orders_have_two_keys()
    {
        _server.Answer = context => FakeServer.JsonAsync(context, 200, "{}");

        await _client.PostAsync<JsonObject>("api/runs/one/cancel", null, Cancellation);
        await _client.PostAsync<JsonObject>("api/runs/one/cancel", null, Cancellation);

        Assert.Equal(2, _server.Asked.Select(asked => asked.Key).Distinct().Count());
    }

    [Fact]
    public async Task A_line_that_breaks_in_an_upload_is_made_up_for_from_the_files_beginning()
    {
        using var study = new StudyFolder();
        var file = study.Write("rows.json", "the rows");
        var first = true;
        _server.Answer = context =>
        {
            if (!first)
                return FakeServer.JsonAsync(context, 201, """{ "artefact": "sha256:00" }""");
            first = false;
            context.Abort();
            return Task.CompletedTask;
        };

        var stored = await _client.PostAsync<JsonObject>("api/artefacts", () => Upload.Bytes(file), Cancellation);

        Assert.Equal("sha256:00", (string?)stored["artefact"]);
        Assert.Equal(["the rows", "the rows"], _server.Asked.Select(asked => asked.Body));
        Assert.Single(_server.Asked.Select(asked => asked.Key).Distinct());
    }

    [Fact]
    public async Task A_server_that_asks_for_patience_gets_it()
    {
        var first = true;
        _server.Answer = context =>
        {
            context.Response.Headers.RetryAfter = "1";
            var status = first ? 429 : 200;
            first = false;
            return FakeServer.JsonAsync(context, status, "[1, 2]");
        };

        var answer = await _client.GetAsync<List<int>>("api/runs", Cancellation);

        Assert.Equal([1, 2], answer);
        Assert.Equal(2, _server.Asked.Count);
    }

    [Fact]
    public async Task A_wait_of_an_hour_is_not_waited_for()
    {
        _server.Answer = context =>
        {
            context.Response.Headers.RetryAfter = "3600";
            return FakeServer.JsonAsync(context, 429, """{ "detail": "too many" }""", "application/problem+json");
        };

        var away = await Assert.ThrowsAsync<ServerAwayException>(() =>
            _client.GetAsync<int[]>("api/runs", Cancellation)
        );

        Assert.Equal("too many", away.Message);
        Assert.Single(_server.Asked);
    }

    [Theory]
    [InlineData(400, """{ "detail": "two", "problems": ["s.yaml:1: a", "s.yaml:2: b"] }""", "s.yaml:1: a|s.yaml:2: b")]
    [InlineData(404, """{ "detail": "no run 'x'" }""", "no run 'x'")]
    [InlineData(
        401,
        """{ "detail": "unknown key" }""",
        "unknown key|The key is taken from --key-file, or from TRANSFER_KEY."
    )]
    [InlineData(
        500,
        """{ "detail": "failed", "requestId": "r1" }""",
        "failed|The server's log knows more under request r1."
    )]
    public async Task A_refusal_is_told_as_it_is_and_not_tried_again(int status, string problem, string expected)
    {
        _server.Answer = context => FakeServer.JsonAsync(context, status, problem, "application/problem+json");

        var wrong = await Assert.ThrowsAsync<BadInputException>(() =>
            _client.GetAsync<int[]>("api/runs", Cancellation)
        );

        Assert.Equal(expected.Split('|'), wrong.Problems);
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task What_is_no_pipeline_is_called_so()
    {
        _server.Answer = context => FakeServer.JsonAsync(context, 200, "<html>", "text/html");

        var wrong = await Assert.ThrowsAsync<BadInputException>(() =>
            _client.GetAsync<int[]>("api/runs", Cancellation)
        );

        Assert.Contains("does not answer like a pipeline", wrong.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
