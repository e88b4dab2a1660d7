using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TransferPipeline.Pipeline.Tests.Remote;

namespace TransferPipeline.Pipeline.Tests.Hub;

/// <summary>
/// Two servers on real ports: one lists a model and gives its small files, and sends whoever asks for a large one (one of
/// weights) on to the other.
/// </summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly FakeServer _hub;
    private readonly FakeServer _store;

    private FakeHub(FakeServer hub, FakeServer store)
    {
        (_hub, _store) = (hub, store);
        _hub.Answer = AnswerAsync;
        _store.Answer = GiveAsync;
    }

    public Uri Address => _hub.Address;

    /// <summary>By name; what is listed and given.</summary>
    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Path, token, and the part that was asked for.</summary>
    public ConcurrentQueue<(string Path, string? Token, string? Range, string? IfRange)> Asked { get; } = [];
    public ConcurrentQueue<(string Path, string? Token, string? Range, string? IfRange)> AskedOfStore { get; } = [];

    /// <summary>Lengths after which the next answers of the store break off.</summary>
    public ConcurrentQueue<int> Cuts { get; } = [];

    /// <summary>Changes the listing before it is given.</summary>
    public Action<JsonObject> Listing { get; set; } = _ => { };

    /// <summary>Answers instead of the hub; false: the hub answers.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    public string Tag { get; set; } = "\"one\"";

    /// <summary>Where a large file is said to lie; null: in the store.</summary>
    public string? Redirect { get; set; }

    public long Sent { get; private set; }

    public static async Task<FakeHub> StartAsync(string folder, params string[] names)
    {
        var hub = new FakeHub(await FakeServer.StartAsync(), await FakeServer.StartAsync());
        foreach (var name in names)
            hub.Files[name] = await File.ReadAllBytesAsync(Path.Combine(folder, name));
        return hub;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Asked.Enqueue(Seen(context));
        if (await Instead(context))
            return;
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/api/models/acme/model/revision/", StringComparison.Ordinal))
            await FakeServer.JsonAsync(context, 200, List().ToJsonString());
        else if (!path.StartsWith($"/acme/model/resolve/{Commit}/", StringComparison.Ordinal))
            context.Response.StatusCode = 404;
        else if (IsLarge(path))
            context.Response.Redirect(
                Redirect ?? $"{_store.Address}files/{path[(path.LastIndexOf('/') + 1)..]}?signed=1"
            );
        else
            await GiveAsync(context, path);
    }

    private Task GiveAsync(HttpContext context)
    {
        AskedOfStore.Enqueue(Seen(context));
        return GiveAsync(context, context.Request.Path.Value!);
    }

    private async Task GiveAsync(HttpContext context, string path)
    {
        var bytes = Files[path[(path.LastIndexOf('/') + 1)..]];
        var from = 0;
        if (
            RangeHeaderValue.TryParse((string?)context.Request.Headers.Range, out var range)
            && (string?)context.Request.Headers.IfRange is var same
            && (same is null || same == Tag)
        )
        {
            from = (int)range.Ranges.Single().From!;
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture,
                $"bytes {from}-{bytes.Length - 1}/{bytes.Length}"
            );
        }
        context.Response.Headers.ETag = Tag;
        context.Response.ContentLength = bytes.Length - from;
        var count =
            IsLarge(path) && Cuts.TryDequeue(out var cut) ? Math.Min(cut, bytes.Length - from) : bytes.Length - from;
        await context.Response.Body.WriteAsync(bytes.AsMemory(from, count), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        Sent += count; // too few bytes: the server closes the connection
    }

    private JsonObject List()
    {
        var files = Files.Select(file =>
        {
            var listed = new JsonObject { ["rfilename"] = file.Key, ["size"] = file.Value.Length };
            var header = Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"blob {file.Value.Length}\0")
            );
            listed["blobId"] = Convert.ToHexStringLower(SHA1.HashData([.. header, .. file.Value]));
            if (IsLarge(file.Key))
            {
                listed["blobId"] = new string('0', 40); // of the pointer that git holds
                listed["lfs"] = new JsonObject
                {
                    ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(file.Value)),
                    ["size"] = file.Value.Length,
                    ["pointerSize"] = 134,
                };
            }
            return (JsonNode?)listed;
        });
        var listing = new JsonObject { ["sha"] = Commit, ["siblings"] = new JsonArray([.. files]) };
        Listing(listing);
        return listing;
    }

    private static bool IsLarge(string path) =>
        path.EndsWith(".safetensors", StringComparison.Ordinal) || path.EndsWith(".bin", StringComparison.Ordinal);

    private static (string, string?, string?, string?) Seen(HttpContext context) =>
        (
            context.Request.Path.Value!,
            (string?)context.Request.Headers.Authorization,
            (string?)context.Request.Headers.Range,
            (string?)context.Request.Headers.IfRange
        );
}
