using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone;
using TransferPipeline.Standalone.Serving;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests.Api;

/// <summary><c>transfer serve</c> in this process, over a home of its own, with its one-time key.</summary>
internal sealed class ApiHouse : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PipelineServer _server;

    private ApiHouse() =>
        _server = PipelineServer.Create(
            new CommandContext(_folder["home"], Verbose: false, Terminal.Open(json: false)),
            "http://127.0.0.1:0"
        );

    public HttpClient Client { get; } = new();

    public IArtefacts Artefacts => _server.App.Services.GetRequiredService<IArtefacts>();

    public IDocuments<T> Documents<T>()
        where T : class, IDocument<T> => _server.App.Services.GetRequiredService<IDocuments<T>>();

    public static async Task<ApiHouse> OpenAsync()
    {
        var house = new ApiHouse();
        await house._server.App.StartAsync();
        house.Client.BaseAddress = new Uri(house._server.App.Urls.First());
        house.Client.DefaultRequestHeaders.Authorization = new("Bearer", house._server.OneTimeKey);
        return house;
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        var answer = await Client.GetAsync(path);
        return await ReadAsync(answer, 200);
    }

    public async Task<JsonNode> PostAsync(string path, HttpContent? body, int status) =>
        await ReadAsync(await Client.PostAsync(path, body), status);

    /// <summary>Sends what must be refused and returns the problem.</summary>
    public async Task<JsonNode> RefusedAsync(string path, HttpContent? body, int status, string code)
    {
        var problem = await PostAsync(path, body, status);
        Assert.Equal(code, (string)problem["code"]!);
        Assert.DoesNotContain(Path.GetTempPath(), problem.ToJsonString(WireFormat.Options), StringComparison.Ordinal);
        Assert.DoesNotContain(_folder["home"], problem.ToJsonString(WireFormat.Options), StringComparison.Ordinal);
        return problem;
    }

    public async Task AssertNothingIsStoredAsync()
    {
        Assert.Empty(await Artefacts.ListAsync().ToListAsync());
        Assert.Empty(await Documents<DatasetDocument>().FindAsync().ToListAsync());
        Assert.Empty(await Documents<ModelDocument>().FindAsync().ToListAsync());
        Assert.Empty(await Documents<RunDocument>().FindAsync().ToListAsync());
        Assert.Empty(await Documents<StepDocument>().FindAsync().ToListAsync());
        Assert.False(
            Directory.Exists(_folder["home", "uploads"])
                && Directory.EnumerateFiles(_folder["home", "uploads"], "*", SearchOption.AllDirectories).Any()
        );
    }

    /// <summary>Stores the sample reviews and the sample model under the names <c>reviews</c> and <c>tiny-bert</c>.</summary>
    public async Task StoreSamplesAsync()
    {
        var samples = Path.Combine(GoldenFolders.RepositoryRoot, "samples");
        var splits = new[] { "train", "dev", "test" };
        await PostAsync(
            "/api/datasets?name=reviews",
            Parts([.. splits.Select(split => (split, Path.Combine(samples, "reviews", split + ".tsv")))]),
            201
        );
        await PostAsync("/api/models?name=tiny-bert", ModelParts(Path.Combine(samples, "tiny-bert")), 201);
    }

    /// <summary>Submits a scenario and returns the run's id.</summary>
    public async Task<string> SubmitAsync(string scenario, params string[] set)
    {
        var run = await PostAsync("/api/runs", Submission(scenario, set), 202);
        return (string)run["id"]!;
    }

    /// <summary>The events of a run, to its end.</summary>
    public async Task<List<SentEvent>> EventsAsync(string run, string? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{run}/events");
        if (after is not null)
            request.Headers.Add("Last-Event-ID", after);
        using var answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return await SentEvent.ReadAsync(await answer.Content.ReadAsStreamAsync()).ToListAsync();
    }

    /// <summary>Stops as Ctrl-C would.</summary>
    public Task StopAsync() => _server.App.StopAsync();

    public static StringContent Submission(string scenario, params string[] set) =>
        Json(JsonSerializer.Serialize(new { scenario, set }));

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public static MultipartFormDataContent ModelParts(string folder) =>
        Parts([.. Directory.EnumerateFiles(folder).Select(file => (Path.GetFileName(file)!, file))]);

    public static MultipartFormDataContent Parts(params (string Field, string Path)[] files)
    {
        var body = new MultipartFormDataContent();
        foreach (var (field, path) in files)
            body.Add(Bytes(File.ReadAllBytes(path)), field, Path.GetFileName(path));
        return body;
    }

    public static MultipartFormDataContent Texts(params (string Field, string Name, string Text)[] files)
    {
        var body = new MultipartFormDataContent();
        foreach (var (field, name, text) in files)
            body.Add(Bytes(Encoding.UTF8.GetBytes(text)), field, name);
        return body;
    }

    public static ByteArrayContent Bytes(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.App.StopAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }
}
