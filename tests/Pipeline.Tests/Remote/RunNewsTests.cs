using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Standalone;
using TransferPipeline.Standalone.Remote;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Pipeline.Tests.Remote;

public sealed class When_a_run_is_watched_from_afar : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _listening = new();
    private readonly ConcurrentQueue<string?> _lastEvents = [];
    private FakeServer _server = null!;
    private ApiClient _client = null!;
    private RunDocument _run = Run(RunState.Running, version: 1);
    private StepDocument _step = Step(StepState.Waiting, version: 1);
    private Func<HttpContext, Task> _events = context => FakeServer.JsonAsync(context, 404, "{}");

    public async ValueTask InitializeAsync()
    {
        _server = await FakeServer.StartAsync();
        _client = new ApiClient(_server.Address, "tp_key", TimeProvider.System);
        _server.Answer = context =>
            context.Request.Path.Value switch
            {
                "/api/runs/one" => FakeServer.JsonAsync(context, 200, Json(_run)),
                "/api/runs/one/steps" => FakeServer.JsonAsync(context, 200, $"[{Json(_step)}]"),
                _ => EventsAsync(context),
            };
    }

    public async ValueTask DisposeAsync()
    {
        await _listening.CancelAsync();
        _client.Dispose();
        await _server.DisposeAsync();
        _listening.Dispose();
    }

    [Fact]
    public async Task Events_are_shown_without_asking()
    {
        _events = async context =>
        {
            await TellAsync(context, "step", Json(Step(StepState.Running, version: 2)), "1");
            await TellAsync(context, "progress", """{"step":"one.a.0","progress":{"done":0.5,"text":"half"}}""", "2");
            await TellAsync(context, "step", Json(Step(StepState.Completed, version: 4)), "3");
            await TellAsync(context, "step", Json(Step(StepState.Running, version: 3)), "4");
            await TellAsync(context, "run", Json(Run(RunState.Completed, version: 2)), "5");
        };
        var news = News();

        var (ended, steps) = await news.LookAsync(Cancellation);
        Assert.Equal((false, StepState.Waiting), (ended, Assert.Single(steps).State));
        var listening = news.ListenAsync(_listening.Token);
        (ended, steps) = await UntilAsync(news, look => look.Ended);

        // An older version that comes late changes nothing.
        Assert.Equal((StepState.Completed, 4), (steps[0].State, steps[0].Version));
        Assert.Equal(1, Asked("/api/runs/one/steps"));
        await StopAsync(listening);
    }

    [Fact]
    public async Task Progress_is_that_of_its_step()
    {
        _events = async context =>
        {
            await TellAsync(context, "step", Json(Step(StepState.Running, version: 2)), "1");
            await TellAsync(context, "progress", """{"step":"one.a.0","progress":{"done":0.5,"text":"half"}}""", "2");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var news = News();
        await news.LookAsync(Cancellation);

        var listening = news.ListenAsync(_listening.Token);
        var (_, steps) = await UntilAsync(news, look => look.Steps[0].Progress is not null);

        Assert.Equal(
            (StepState.Running, 0.5, "half"),
            (steps[0].State, steps[0].Progress!.Done, steps[0].Progress!.Text)
        );
        await StopAsync(listening);
    }

    [Fact]
    public async Task Where_no_events_come_the_server_is_asked()
    {
        var news = News();
        var listening = news.ListenAsync(_listening.Token);
        await news.LookAsync(Cancellation);
        (_run, _step) = (Run(RunState.Failed, version: 2), Step(StepState.Failed, version: 2));

        Assert.False((await news.LookAsync(Cancellation)).Ended);
        _time.Advance(TimeSpan.FromSeconds(1));
        var (ended, steps) = await news.LookAsync(Cancellation);

        Assert.Equal((true, StepState.Failed), (ended, steps[0].State));
        await StopAsync(listening);
    }

    [Fact]
    public async Task A_line_that_breaks_is_taken_up_after_the_last_event()
    {
        _events = context =>
            _lastEvents.Count == 1
                ? TellAsync(context, "step", Json(Step(StepState.Running, version: 2)), "seen-1")
                : TellAsync(context, "run", Json(Run(RunState.Completed, version: 2)), "seen-2");
        var news = News();
        await news.LookAsync(Cancellation);

        var listening = news.ListenAsync(_listening.Token);
        await UntilAsync(news, look => look.Steps[0].State == StepState.Running);
        await UntilAsync(
            news,
            look =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return look.Ended;
            }
        );

        Assert.Equal([null, "seen-1"], _lastEvents.Take(2));
        await StopAsync(listening);
    }

    [Fact]
    public async Task A_server_that_is_away_for_a_while_ends_no_watching()
    {
        var news = News();
        await news.LookAsync(Cancellation);
        var answer = _server.Answer;
        _server.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        _time.Advance(TimeSpan.FromSeconds(1));
        var (ended, steps) = await news.LookAsync(Cancellation);
        Assert.Equal((false, StepState.Waiting), (ended, steps[0].State));

        _server.Answer = answer;
        (_run, _step) = (Run(RunState.Completed, version: 2), Step(StepState.Completed, version: 2));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True((await news.LookAsync(Cancellation)).Ended);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RunNews News() =>
        new(
            _client,
            new RemoteDesk(new CommandContext("", false, Terminal.Open(json: true)), _client, _time),
            _run,
            _time
        );

    private int Asked(string path) => _server.Asked.Count(asked => asked.Request == "GET " + path);

    private async Task EventsAsync(HttpContext context)
    {
        _lastEvents.Enqueue((string?)context.Request.Headers["Last-Event-ID"]);
        await _events(context);
    }

    private static async Task TellAsync(HttpContext context, string kind, string data, string id)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync($"event: {kind}\nid: {id}\ndata: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private async Task StopAsync(Task listening)
    {
        await _listening.CancelAsync();
        await listening;
    }

    private static async Task<(bool Ended, IReadOnlyList<StepDocument> Steps)> UntilAsync(
        RunNews news,
        Func<(bool Ended, IReadOnlyList<StepDocument> Steps), bool> condition
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var look = await news.LookAsync(patience.Token);
            if (condition(look))
                return look;
            await Task.Delay(10, patience.Token);
        }
    }

    private static string Json<T>(T document) => JsonSerializer.Serialize(document, WireFormat.Options);

    private static RunDocument Run(RunState state, int version) =>
        new()
        {
            Id = "one",
            Version = version,
            Scenario = "study",
            Source = "",
            Report = new ReportSpec(),
            Steps = ["one.a.0"],
            State = state,
            Submitted = DateTimeOffset.UnixEpoch,
        };

    private static StepDocument Step(StepState state, int version) =>
        new()
        {
            Id = "one.a.0",
            Version = version,
            Run = "one",
            Name = "a",
            Cell = new Dictionary<string, string>(),
            Uses = "sample",
            Parameters = new JsonObject(),
            Inputs = [],
            Needs = [],
            State = state,
        };
}
