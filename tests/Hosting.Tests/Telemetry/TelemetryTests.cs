using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Bus.DeadLetters;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Hosting.Tests.Telemetry;

public sealed partial class When_a_process_is_watched : IAsyncDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly List<WebApplication> _apps = [];

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_served()
    {
        var served = await ScrapeAfterWorkAsync();
        var dashboard = await File.ReadAllTextAsync(
            Path.Combine(GoldenFolders.RepositoryRoot, "deploy", "observability", "grafana", "dashboard.json"),
            Cancellation
        );

        var shown = MetricName().Matches(dashboard).Select(match => match.Value).ToHashSet();
        var exported = MetricName().Matches(served).Select(match => match.Value).ToHashSet();

        Assert.Contains("transfer_backlog", shown);
        Assert.Equal(["transfer_gpu_memory_bytes"], shown.Except(exported)); // a trainer's, where there is a GPU
    }

    [Fact]
    public async Task Steps_are_counted_by_kind_and_state()
    {
        var served = await ScrapeAfterWorkAsync();

        Assert.Matches("""transfer_steps_ended_total\{[^}]*kind="sample"[^}]*state="completed"[^}]*\} [1-9]""", served);
        Assert.Matches("""transfer_steps_ended_total\{[^}]*kind="sample"[^}]*state="failed"[^}]*\} [1-9]""", served);
        Assert.Matches("""transfer_backlog\{[^}]*kind="fine-tune"[^}]*\} 2\b""", served);
        Assert.Matches("""transfer_backlog\{[^}]*kind="evaluate"[^}]*\} 0\b""", served);
        Assert.Matches("""transfer_steps\{[^}]*kind="fine-tune"[^}]*state="ready"[^}]*\} 2\b""", served);
    }

    [Fact]
    public async Task A_step_joins_the_trace_of_its_run()
    {
        var trace = ActivityTraceId.CreateRandom();
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineMetrics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var app = await StartAsync();

        await AddStepAsync(app, "traced", step => step with { Trace = $"00-{trace}-b7ad6b7169203331-01" });
        await UntilAsync(app, "traced", StepState.Completed);

        await UntilAsync(() => Task.FromResult(spans.Any(span => span.TraceId == trace)));
        var span = spans.Single(span => span.TraceId == trace);
        Assert.Equal("b7ad6b7169203331", span.ParentSpanId.ToString());
        Assert.Equal("traced", span.GetTagItem("transfer.step"));
        Assert.Equal("completed", span.GetTagItem("transfer.state"));
    }

    [Fact]
    public async Task What_a_handler_logs_carries_run_and_step()
    {
        var log = new ScopeLog();
        var app = await StartAsync(log);

        await AddStepAsync(app, "logged");
        await UntilAsync(app, "logged", StepState.Completed);

        Assert.Equal([("run", "run"), ("step", "logged"), ("fence", "1")], log.ScopeOf("working on logged"));
    }

    [Fact]
    public void An_address_for_traces_that_is_none_is_refused()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("Telemetry:Otlp", "ftp://collector")]);
        builder.AddPipelineTelemetry();
        using var services = builder.Services.BuildServiceProvider();

        var wrong = Assert.Throws<OptionsValidationException>(() =>
            services.GetRequiredService<IOptions<PipelineTelemetryOptions>>().Value
        );
        Assert.Contains("Telemetry:Otlp is no http address: ftp://collector", wrong.Message);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        _folder.Dispose();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What a process serves that has done, failed and left work, lost a message and read examples.</summary>
    private async Task<string> ScrapeAfterWorkAsync()
    {
        var app = await StartAsync();
        await AddStepAsync(app, "good");
        await AddStepAsync(app, "bad");
        foreach (var id in (string[])["open-1", "open-2"])
            await AddStepAsync(app, id, step => step with { Uses = StepKinds.FineTune.Uses });
        await UntilAsync(app, "good", StepState.Completed);
        await UntilAsync(app, "bad", StepState.Failed);
        await app
            .Services.GetRequiredService<IStepBus>()
            .PublishAsync(StepKinds.Sample.Completed(new("run"), new("lost")), Cancellation);
        await UntilAsync(async () =>
            (await app.Services.GetRequiredService<IDeadLetters>().ListAsync(Cancellation)).Count > 0
        );
        await app.Services.GetRequiredService<StepCensus>().CountAsync(Cancellation);

        using var client = new HttpClient();
        var served = "";
        await UntilAsync(async () =>
            (served = await client.GetStringAsync($"{app.Urls.Single()}/metrics", Cancellation)).Contains("failed")
        );
        return served;
    }

    private async Task<WebApplication> StartAsync(ILoggerProvider? log = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("Storage:Home", _folder["home"])]);
        builder.AddPipelineDefaults("watched");
        builder.AddPipelineHealth();
        builder.AddPipelineWorker();
        builder.Logging.SetMinimumLevel(log is null ? LogLevel.Critical : LogLevel.Information);
        if (log is not null)
            builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<StepCensus>();
        builder.Services.AddSingleton<IStepEventObserver, LosingObserver>();
        builder.Services.AddSingleton<IStepHandler, CountingHandler>();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPipelineDefaults();
        _apps.Add(app);
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task AddStepAsync(
        WebApplication app,
        string id,
        Func<StepDocument, StepDocument>? change = null
    )
    {
        await app
            .Services.GetRequiredService<IDocuments<RunDocument>>()
            .InsertAsync(
                new RunDocument
                {
                    Id = "run",
                    Scenario = "test",
                    Source = "",
                    Report = new ReportSpec(),
                    Steps = [],
                    Submitted = DateTimeOffset.UtcNow,
                }
            );
        var step = new StepDocument
        {
            Id = id,
            Run = "run",
            Name = id,
            Cell = new Dictionary<string, string>(),
            Uses = StepKinds.Sample.Uses,
            Parameters = [],
            Inputs = [],
            Needs = [],
            State = StepState.Ready,
            ReadySince = DateTimeOffset.UtcNow,
        };
        await app.Services.GetRequiredService<IDocuments<StepDocument>>().InsertAsync(change?.Invoke(step) ?? step);
    }

    private static Task UntilAsync(WebApplication app, string step, StepState state) =>
        UntilAsync(async () =>
            (await app.Services.GetRequiredService<IDocuments<StepDocument>>().GetAsync(step))!.State == state
        );

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
            Assert.True(waited.Elapsed < LongEnough, "The condition was not met in time.");
    }

    [GeneratedRegex("transfer_[a-z_]+")]
    private static partial Regex MetricName();

    private sealed class CountingHandler(ILogger<CountingHandler> log) : IStepHandler
    {
        public StepKind Kind => StepKinds.Sample;

        public StepOutput Handle(StepWork work)
        {
            log.LogInformation("working on {Name}", work.Step.Name);
            PipelineMetrics.AddExamples(Kind.Uses, 10);
            return work.Step.Id == "bad" ? throw new BadInputException("wrong") : new StepOutput();
        }
    }

    private sealed class LosingObserver : IStepEventObserver
    {
        public Task EndedAsync(RunId run, StepId step, CancellationToken cancellation) =>
            step.Value == "lost" ? throw new IOException("lost") : Task.CompletedTask;
    }
}
