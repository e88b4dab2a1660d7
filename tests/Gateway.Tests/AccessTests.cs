using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Http.Access;
using TransferPipeline.TestKit;

namespace TransferPipeline.Gateway.Tests;

public sealed class When_a_caller_is_checked : IAsyncLifetime
{
    private Front _front = null!;

    public async ValueTask InitializeAsync() => _front = await Front.StartAsync();

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer tp_wrong")]
    [InlineData("Basic dXNlcjpwYXNz")]
    public async Task Without_a_known_key_nothing_reaches_a_service(string? authorization)
    {
        using var client = _front.Nobody;
        if (authorization is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        client.DefaultRequestHeaders.Add("X-Internal-Key", Front.InternalKey);
        client.DefaultRequestHeaders.Add("X-Caller", "root;admin");

        foreach (var path in new[] { "/api/datasets", "/API/datasets", "/api/runs/one/report.json", "/api/nothing" })
        {
            using var answer = await client.GetAsync(path, Cancellation);
            await Front.ProblemAsync(answer, 401, "unauthenticated");
        }
        Assert.All(_front.Services.Values, service => Assert.Empty(service.Requests));
    }

    [Theory]
    [InlineData("reader", "GET", "/api/datasets", 200)]
    [InlineData("reader", "GET", "/api/dead-letters", 200)]
    [InlineData("reader", "POST", "/api/datasets", 403)]
    [InlineData("reader", "POST", "/api/runs", 403)]
    [InlineData("reader", "DELETE", "/api/runs/one", 403)]
    [InlineData("submitter", "POST", "/api/datasets", 200)]
    [InlineData("submitter", "POST", "/api/models", 200)]
    [InlineData("submitter", "POST", "/api/artefacts", 200)]
    [InlineData("submitter", "POST", "/api/runs/one/retry", 200)]
    [InlineData("reader", "DELETE", "/api/scenarios/nightly", 403)]
    [InlineData("submitter", "DELETE", "/api/scenarios/nightly", 200)]
    [InlineData("submitter", "POST", "/api/clean", 403)]
    [InlineData("submitter", "POST", "/api/dead-letters/one/replay", 403)]
    [InlineData("admin", "POST", "/api/clean", 200)]
    [InlineData("admin", "POST", "/api/dead-letters/one/replay", 200)]
    [InlineData("admin", "POST", "/api/runs", 200)]
    public async Task Each_role_may_do_what_it_is_for(string role, string method, string path, int expected)
    {
        using var client = _front.Nobody;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _front.KeyOf(role));

        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);

        if (expected == 403)
            await Front.ProblemAsync(answer, 403, "forbidden");
        else
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected == 403 ? 0 : 1, _front.Services.Values.Sum(service => service.Requests.Count));
    }

    [Fact]
    public async Task Health_needs_no_key()
    {
        using var client = _front.Nobody;

        using var live = await client.GetAsync("/health/live", Cancellation);
        using var ready = await client.GetAsync("/health/ready", Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live.StatusCode, ready.StatusCode));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}

public sealed class When_the_gateway_is_started_without_keys
{
    [Theory]
    [InlineData("No API key is configured", "Internal:Key=0123456789abcdef")]
    [InlineData(
        "No internal key is configured",
        "Access:Keys:0:Name=a",
        "Access:Keys:0:Hash=sha256:0000000000000000000000000000000000000000000000000000000000000000"
    )]
    [InlineData("Access:KeysFile names no file", "Internal:Key=0123456789abcdef", "Access:KeysFile=/nowhere/keys.json")]
    public async Task It_refuses_and_says_what_it_expects(string message, params string[] settings)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using var app = Front.Build(settings);
            await app.StartAsync(TestContext.Current.CancellationToken);
        });

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_may_come_from_files()
    {
        using var folder = new TemporaryFolder();
        var keys = folder.Write(
            "keys.json",
            $$"""[{"name":"ada","role":"reader","hash":"{{ApiKeys.HashOf("tp_ada")}}"}]"""
        );
        var key = folder.Write("internal.key", "0123456789abcdef\n");

        await using var app = Front.Build([$"Access:KeysFile={keys}", $"Internal:KeyFile={key}"]);
        await app.StartAsync(TestContext.Current.CancellationToken);

        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "tp_ada");
        using var known = await client.GetAsync("/api/nothing", TestContext.Current.CancellationToken);
        await Front.ProblemAsync(known, 404, "not-found");
    }
}
