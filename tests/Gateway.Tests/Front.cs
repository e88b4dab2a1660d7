using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http.Access;

namespace TransferPipeline.Gateway.Tests;

/// <summary>The gateway on a real port, four fake services behind it, and a client per role.</summary>
internal sealed class Front : IAsyncDisposable
{
    public const string InternalKey = "an-internal-key-of-the-tests";

    private static readonly string[] Names = ["evaluation", "ingestion", "orchestration", "training"];

    private readonly WebApplication _app;
    private readonly Dictionary<string, string> _keys;

    private Front(WebApplication app, Dictionary<string, FakeService> services, Dictionary<string, string> keys)
    {
        _app = app;
        Services = services;
        _keys = keys;
    }

    public IReadOnlyDictionary<string, FakeService> Services { get; }
    public Uri Address => new(_app.Urls.Single());

    public HttpClient Nobody => new() { BaseAddress = Address };
    public HttpClient Reader => Client("reader");
    public HttpClient Submitter => Client("submitter");
    public HttpClient Admin => Client("admin");

    public string KeyOf(string name) => _keys[name];

    /// <summary>Starts services and gateway; settings are <c>Section:Key=value</c>.</summary>
    public static async Task<Front> StartAsync(params string[] settings)
    {
        var services = new Dictionary<string, FakeService>();
        foreach (var name in Names)
            services[name] = await FakeService.StartAsync(name);
        var keys = new[] { "reader", "submitter", "admin" }.ToDictionary(name => name, _ => ApiKeys.New());
        string[] all =
        [
            .. services.Values.Select(service =>
                $"ReverseProxy:Clusters:{service.Name}:Destinations:one:Address={service.Address}"
            ),
            .. keys.Index()
                .SelectMany(key =>
                    new[]
                    {
                        $"Access:Keys:{key.Index}:Name={key.Item.Key}",
                        $"Access:Keys:{key.Index}:Role={key.Item.Key}",
                        $"Access:Keys:{key.Index}:Hash={ApiKeys.HashOf(key.Item.Value)}",
                    }
                ),
            $"Internal:Key={InternalKey}",
            "Gateway:LookEvery=00:00:00.1",
            .. settings,
        ];
        var front = new Front(Build(all), services, keys);
        await front._app.StartAsync(TestContext.Current.CancellationToken);
        await front.UntilReadyAsync(true);
        return front;
    }

    public static WebApplication Build(IEnumerable<string> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddCommandLine([.. settings.Select(setting => "--" + setting)]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddPipelineDefaults("gateway");
        builder.AddGateway();
        var app = builder.Build();
        app.MapGateway();
        return app;
    }

    /// <summary>Waits until the gateway says that all services are, or are not, ready.</summary>
    public async Task UntilReadyAsync(bool ready)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        using var client = Nobody;
        while (true)
        {
            using var answer = await client.GetAsync("/health/ready", patience.Token);
            if (answer.IsSuccessStatusCode == ready)
                return;
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Sees that an answer is a problem document with this status and code, and returns it.</summary>
    public static async Task<JsonNode> ProblemAsync(HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, Type(answer)));
        var problem = JsonNode.Parse(text)!;
        Assert.Equal((status, code), ((int)problem["status"]!, (string)problem["code"]!));
        Assert.Equal(answer.Headers.GetValues("X-Request-Id").Single(), (string?)problem["requestId"]);
        return problem;

        static string? Type(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        foreach (var service in Services.Values)
            await service.DisposeAsync();
    }

    private HttpClient Client(string name)
    {
        var client = Nobody;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KeyOf(name));
        return client;
    }
}
