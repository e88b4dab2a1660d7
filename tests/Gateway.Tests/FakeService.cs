using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TransferPipeline.Gateway.Tests;

/// <summary>A request as a service behind the gateway got it.</summary>
internal sealed record Received(string Method, string PathAndQuery, IHeaderDictionary Headers);

/// <summary>A service on a real port that writes down what it gets and answers as the test says.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeService(WebApplication app, string name)
    {
        _app = app;
        Name = name;
    }

    public string Name { get; }
    public string Address => _app.Urls.Single() + "/";
    public bool IsReady { get; set; } = true;
    public string? OpenApi { get; set; }
    public ConcurrentQueue<Received> Requests { get; } = [];

    /// <summary>The answer to every request; at first the service's name.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public static async Task<FakeService> StartAsync(string name, string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var service = new FakeService(builder.Build(), name);
        service.Answer = context => context.Response.WriteAsync(name);
        service._app.Run(service.HandleAsync);
        await service._app.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Path == "/health/ready")
            context.Response.StatusCode = IsReady ? 200 : 503;
        else if (request.Path == "/openapi/v1.json")
            await (
                OpenApi is null
                    ? Task.FromResult(context.Response.StatusCode = 404)
                    : context.Response.WriteAsync(OpenApi)
            );
        else
        {
            Requests.Enqueue(
                new Received(
                    request.Method,
                    request.Path + request.QueryString.ToString(),
                    new HeaderDictionary(request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase))
                )
            );
            await Answer(context);
        }
    }
}
