using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TransferPipeline.Pipeline.Tests.Remote;

/// <summary>A server on a real port that answers as the test says and writes down what it is asked.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single() + "/");

    /// <summary>Method and path, key of the order, body.</summary>
    public ConcurrentQueue<(string Request, string? Key, string Body)> Asked { get; } = [];

    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public static async Task<FakeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new FakeServer(builder.Build());
        server._app.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            server.Asked.Enqueue(
                (
                    $"{context.Request.Method} {context.Request.Path}",
                    (string?)context.Request.Headers["Idempotency-Key"],
                    await body.ReadToEndAsync(context.RequestAborted)
                )
            );
            await server.Answer(context);
        });
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Answers with a status and a JSON text.</summary>
    public static async Task JsonAsync(HttpContext context, int status, string json, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(json, context.RequestAborted);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
