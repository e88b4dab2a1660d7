using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace TransferPipeline.Pipeline.Tests.Api;

public sealed partial class When_the_pipeline_is_served
{
    [Fact]
    public async Task It_prints_where_it_listens_and_a_key_and_stops_when_it_is_told_to()
    {
        using var study = new StudyFolder();
        using var server = TransferProcess.Start(study.Home, "serve", "--urls", "http://127.0.0.1:0");
        await server.OutputAsync("curl");
        using var client = new HttpClient { BaseAddress = new Uri(Address().Match(server.Output).Groups[1].Value) };

        var stranger = await client.GetAsync("/api/runs");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            Key().Match(server.Output).Value
        );
        var known = await client.GetAsync("/api/runs");
        var ready = await client.GetAsync("/health/ready");
        server.Terminate();
        var outcome = await server.EndAsync();

        Assert.Equal(IPAddress.Loopback.ToString(), client.BaseAddress.Host);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal("[]", await known.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Stopped", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("5080")]
    public async Task An_address_that_is_none_is_refused(string urls)
    {
        using var study = new StudyFolder();

        var outcome = await TransferProcess.RunAsync(study.Home, "serve", "--urls", urls);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("expected an address", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_so()
    {
        using var study = new StudyFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var outcome = await TransferProcess.RunAsync(study.Home, "serve", "--urls", $"http://{taken.LocalEndpoint}");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("address already in use", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_document_names_every_route()
    {
        await using var house = await ApiHouse.OpenAsync();

        var document = await house.GetAsync("/openapi/v1.json");

        var routes = document["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key.ToUpperInvariant()} {path.Key}"));
        Assert.Equal(
            [
                "DELETE /api/scenarios/{name}",
                "GET /api/artefacts/{hash}",
                "GET /api/datasets",
                "GET /api/datasets/{id}",
                "GET /api/datasets/{id}/examples",
                "GET /api/dead-letters",
                "GET /api/dead-letters/{id}",
                "GET /api/models",
                "GET /api/models/{id}",
                "GET /api/runs",
                "GET /api/runs/{id}",
                "GET /api/runs/{id}/events",
                "GET /api/runs/{id}/report",
                "GET /api/runs/{id}/report.html",
                "GET /api/runs/{id}/report.json",
                "GET /api/runs/{id}/report.md",
                "GET /api/runs/{id}/steps",
                "GET /api/scenarios",
                "POST /api/artefacts",
                "POST /api/clean",
                "POST /api/datasets",
                "POST /api/dead-letters/{id}/replay",
                "POST /api/models",
                "POST /api/runs",
                "POST /api/runs/{id}/cancel",
                "POST /api/runs/{id}/resume",
                "POST /api/runs/{id}/retry",
                "POST /api/scenarios",
            ],
            routes.Where(route => route.Contains("/api/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
        Assert.Equal("bearer", (string)document["components"]!["securitySchemes"]!["apiKey"]!["scheme"]!);
    }

    [GeneratedRegex(@"Listening on (\S+)")]
    private static partial Regex Address();

    [GeneratedRegex("tp_[A-Za-z0-9_-]+")]
    private static partial Regex Key();
}
