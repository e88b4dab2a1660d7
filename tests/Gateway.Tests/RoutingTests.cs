using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace TransferPipeline.Gateway.Tests;

public sealed class When_a_request_comes_to_the_gateway : IAsyncLifetime
{
    private Front _front = null!;

    public async ValueTask InitializeAsync() => _front = await Front.StartAsync();

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Theory]
    [InlineData("GET", "/api/datasets", "ingestion")]
    [InlineData("GET", "/api/datasets/reviews@1/examples?split=train&page=2", "ingestion")]
    [InlineData("POST", "/api/datasets?name=reviews", "ingestion")]
    [InlineData("GET", "/api/models", "training")]
    [InlineData("POST", "/api/models?name=bert", "training")]
    [InlineData("POST", "/api/artefacts", "orchestration")]
    [InlineData("GET", "/api/artefacts/sha256:00", "orchestration")]
    [InlineData("POST", "/api/runs", "orchestration")]
    [InlineData("GET", "/api/runs/one/steps", "orchestration")]
    [InlineData("GET", "/api/runs/one/events", "orchestration")]
    [InlineData("POST", "/api/runs/one/cancel", "orchestration")]
    [InlineData("GET", "/api/runs/one/report", "evaluation")]
    [InlineData("GET", "/api/runs/one/report.json", "evaluation")]
    [InlineData("GET", "/api/runs/one/report.html", "evaluation")]
    [InlineData("POST", "/api/scenarios", "orchestration")]
    [InlineData("DELETE", "/api/scenarios/nightly", "orchestration")]
    [InlineData("POST", "/api/clean", "orchestration")]
    [InlineData("GET", "/api/dead-letters", "orchestration")]
    [InlineData("POST", "/api/dead-letters/one/replay", "orchestration")]
    public async Task It_goes_to_the_service_whose_it_is(string method, string path, string service)
    {
        using var client = _front.Admin;

        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);

        Assert.Equal(service, await answer.Content.ReadAsStringAsync(Cancellation));
        var received = Assert.Single(_front.Services[service].Requests);
        Assert.Equal((method, path), (received.Method, received.PathAndQuery));
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/elsewhere")]
    public async Task An_address_that_is_nobodys_is_a_problem_document(string path)
    {
        using var client = _front.Admin;

        using var answer = await client.GetAsync(path, Cancellation);

        await Front.ProblemAsync(answer, 404, "not-found");
    }

    [Fact]
    public async Task The_service_gets_the_internal_key_and_the_caller_and_nothing_that_the_caller_forged()
    {
        using var client = _front.Submitter;
        client.DefaultRequestHeaders.Add("X-Internal-Key", "forged");
        client.DefaultRequestHeaders.Add("X-Caller", "root;admin");
        client.DefaultRequestHeaders.Add("Cookie", "session=1");
        client.DefaultRequestHeaders.Add("Idempotency-Key", "one");

        using var answer = await client.PostAsync("/api/runs", new StringContent("{}"), Cancellation);

        var headers = Assert.Single(_front.Services["orchestration"].Requests).Headers;
        Assert.Equal(Front.InternalKey, headers["X-Internal-Key"]);
        Assert.Equal("submitter;submitter", headers["X-Caller"]);
        Assert.Equal("one", headers["Idempotency-Key"]);
        Assert.False(headers.ContainsKey("Authorization"));
        Assert.False(headers.ContainsKey("Cookie"));
    }

    [Theory]
    [InlineData("job-17.a_b", true)]
    [InlineData("has spaces", false)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789", false)]
    public async Task The_request_id_is_kept_where_it_is_plain_and_reaches_the_service(string given, bool kept)
    {
        using var client = _front.Reader;
        client.DefaultRequestHeaders.Add("X-Request-Id", given);

        using var answer = await client.GetAsync("/api/runs", Cancellation);

        var echoed = answer.Headers.GetValues("X-Request-Id").Single();
        Assert.Equal(kept, echoed == given);
        Assert.Equal(echoed, Assert.Single(_front.Services["orchestration"].Requests).Headers["X-Request-Id"]);
    }

    [Fact]
    public async Task An_answer_carries_security_headers_and_the_services_own_stand()
    {
        _front.Services["evaluation"].Answer = context =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'";
            return Task.CompletedTask;
        };
        using var client = _front.Reader;

        using var page = await client.GetAsync("/api/runs/one/report.html", Cancellation);
        using var other = await client.GetAsync("/api/runs", Cancellation);

        Assert.Equal(["default-src 'self'"], page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith(
            "default-src 'none'",
            other.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
        foreach (var answer in new[] { page, other })
        {
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
            Assert.Equal(["DENY"], answer.Headers.GetValues("X-Frame-Options"));
            Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
        }
    }

    [Fact]
    public async Task A_services_own_problem_comes_through_as_it_is()
    {
        _front.Services["orchestration"].Answer = async context =>
        {
            context.Response.StatusCode = 400;
            context.Response.ContentType = "application/problem+json";
            await context.Response.WriteAsync("""{"code":"bad-scenario"}""");
        };
        using var client = _front.Submitter;

        using var answer = await client.PostAsync(
            "/api/runs",
            new StringContent("{}", Encoding.UTF8, "application/json"),
            Cancellation
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("""{"code":"bad-scenario"}""", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
