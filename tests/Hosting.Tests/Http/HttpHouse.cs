using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Hosting.Http.Access;
using TransferPipeline.Hosting.Http.Uploads;
using TransferPipeline.TestKit;

namespace TransferPipeline.Hosting.Tests.Http;

/// <summary>A process with the parts of the API and a few endpoints, behind a real socket.</summary>
internal sealed class HttpHouse : IAsyncDisposable
{
    public const string InternalKey = "an internal key of the tests";

    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;
    private int _orders;

    private HttpHouse(Action<WebApplicationBuilder>? configure, (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var all = new Dictionary<string, string?>
        {
            ["Storage:Home"] = _folder["home"],
            ["Internal:Key"] = InternalKey,
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        builder.Configuration.AddInMemoryCollection(all);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.AddPipelineStorage();
        if (configure is null)
            builder.AddPipelineApi();
        else
            configure(builder);
        _app = builder.Build();
        _app.UsePipelineApi();
        Map();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    public HttpClient Client { get; } =
        new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
    public Uri Address => new(_app.Urls.First());
    public IServiceProvider Services => _app.Services;

    /// <summary>How often the endpoint that counts has been reached.</summary>
    public int Orders => _orders;

    /// <summary>Opens what holds back the slow endpoint.</summary>
    public TaskCompletionSource Barrier { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the slow endpoint is reached.</summary>
    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<HttpHouse> OpenAsync(
        Action<WebApplicationBuilder>? configure = null,
        params (string Key, string Value)[] settings
    )
    {
        var house = new HttpHouse(configure, settings);
        await house._app.StartAsync();
        house.Client.BaseAddress = house.Address;
        if (configure is null)
            house.Client.DefaultRequestHeaders.Add("X-Internal-Key", InternalKey);
        return house;
    }

    /// <summary>Files below the folder of half-done uploads.</summary>
    public IEnumerable<string> Leftovers() =>
        Directory.Exists(_folder["home", "uploads"])
            ? Directory.EnumerateFiles(_folder["home", "uploads"], "*", SearchOption.AllDirectories)
            : [];

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? body = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await Client.SendAsync(request);
    }

    public static async Task<JsonNode> ProblemAsync(HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal((code, status), ((string)problem["code"]!, (int)problem["status"]!));
        Assert.Equal(answer.Headers.GetValues("X-Request-Id").Single(), (string)problem["requestId"]!);
        return problem;
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>A multipart body of files, with a random boundary.</summary>
    public static MultipartFormDataContent Parts(params (string Field, string Name, string Text)[] files)
    {
        var body = new MultipartFormDataContent();
        foreach (var (field, name, text) in files)
            body.Add(
                new ByteArrayContent(Encoding.UTF8.GetBytes(text))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") },
                },
                field,
                name
            );
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        Barrier.TrySetResult();
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private void Map()
    {
        _app.MapGet("/api/plain", (HttpContext context) => Caller.Of(context)!.ToString());
        _app.MapGet("/api/fault", string () => throw new InvalidOperationException("a secret of the program"));
        _app.MapGet("/api/away", string () => throw new TimeoutException("no server"));
        _app.MapPost("/api/clean", () => "cleaned");
        _app.MapPost(
            "/api/orders",
            async (HttpContext context) =>
            {
                var order = await JsonBodies.ReadAsync<Order>(context);
                if (order?.Count == 0)
                    throw ApiProblemException.BadInput("count is 0; expected more");
                var number = Interlocked.Increment(ref _orders);
                return Answers.At(context, $"/api/orders/{number}", new Order(order?.Item, number), 201);
            }
        );
        _app.MapPost(
            "/api/slow",
            async () =>
            {
                Reached.TrySetResult();
                await Barrier.Task;
                return "done";
            }
        );
        _app.MapPost(
            "/api/files",
            async (HttpContext context, UploadReceiver receiver) =>
            {
                using var files = UploadReceiver.IsMultipart(context.Request)
                    ? await receiver.ReceivePartsAsync(context)
                    : await receiver.ReceiveRawAsync(context, context.Request.Query["filename"]!);
                Interlocked.Increment(ref _orders);
                return string.Join(
                    ';',
                    files.All.Select(file => $"{file.Field}={file.Name}:{File.ReadAllText(file.Path)}")
                );
            }
        );
    }

    internal sealed record Order(string? Item = null, int Count = 1);
}
