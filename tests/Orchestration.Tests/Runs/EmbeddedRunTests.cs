using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Orchestration.Tests.Runs;

/// <summary>One process with SQLite, the in-memory transport and workers whose steps take no time.</summary>
public sealed class When_a_run_is_made_in_one_process
{
    private const int Cells = 499;

    private static readonly string Study = $$"""
        name: trivial
        matrix: { seed: [{{string.Join(", ", Enumerable.Range(1, Cells))}}] }
        steps:
          few: { uses: sample, with: { dataset: reviews, perClass: 8, seed: "${matrix.seed}" } }
          forest: { uses: baseline, with: { algorithm: random-forest, dataset: "${steps.few}", seed: "${matrix.seed}" } }
          majority: { uses: baseline, with: { algorithm: majority, dataset: reviews } }
        """;

    [Fact]
    public async Task A_thousand_trivial_steps_cost_little_each_and_none_is_done_again()
    {
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(folder["home"]);
        var desk = host.Services.GetRequiredService<RunDesk>();
        var inputs = host.Services.GetRequiredService<CatalogueInputs>();

        // The first steps are compiled while they run.
        var seeds = string.Join(',', Enumerable.Range(10_000, 200));
        var warmUp = await desk.SubmitAsync(new RunRequest(Study, "study.yaml", ["seed=" + seeds]), inputs);
        await desk.WaitAsync(warmUp.Id);
        using var process = Process.GetCurrentProcess();
        var busy = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var run = await desk.SubmitAsync(new RunRequest(Study, "study.yaml", []), inputs);
        var ended = await desk.WaitAsync(run.Id);
        var first = watch.Elapsed;
        process.Refresh();
        busy = process.TotalProcessorTime - busy;
        watch.Restart();
        var again = await desk.SubmitAsync(new RunRequest(Study, "study.yaml", []), inputs);
        await desk.WaitAsync(again.Id);
        var second = watch.Elapsed;

        Assert.Equal(RunState.Completed, ended.State);
        Assert.Equal(1000, ended.Steps.Count);
        var steps = await desk.StepsAsync(again.Id);
        Assert.All(steps.SkipLast(1), step => Assert.NotNull(step.CachedFrom));
        TestContext.Current.SendDiagnosticMessage(
            $"{first.TotalMilliseconds / 1000:0.00} ms a step ({busy.TotalMilliseconds / 1000:0.00} ms of processor), {second.TotalMilliseconds / 1000:0.00} ms from the cache"
        );
        // Processor time, not the clock: other tests run beside this one; three times what a quiet machine needs.
        Assert.True(busy < TimeSpan.FromMilliseconds(15 * 1000), $"1,000 steps took {busy} of processor");
        await host.StopAsync();
    }

    private static async Task<IHost> StartAsync(string home)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddEmbeddedStorage(home);
        builder.Services.AddPipelineBus(builder.Configuration);
        foreach (var kind in StepKinds.All)
            builder.Services.AddSingleton<IStepHandler>(new TrivialHandler(kind));
        builder.Services.AddStepWorker();
        builder.AddOrchestrationService();
        var host = builder.Build();

        var dataset = new DatasetRef("sha256:d", "reviews", TaskType.Classification, ["bad", "good"], []);
        await host
            .Services.GetRequiredService<IDocuments<DatasetDocument>>()
            .InsertAsync(
                new DatasetDocument
                {
                    Id = "reviews@1",
                    Name = "reviews",
                    Number = 1,
                    DatasetId = dataset.Id,
                    Dataset = dataset,
                    Stored = DateTimeOffset.UnixEpoch,
                }
            );
        await host.StartAsync();
        return host;
    }

    private sealed class TrivialHandler(StepKind kind) : IStepHandler
    {
        public StepKind Kind => kind;

        public StepOutput Handle(StepWork work) =>
            kind.Gives switch
            {
                StepGives.Dataset => new StepOutput(
                    Dataset: work.Dataset() with
                    {
                        Id = ContentHash.Of(work.Step.Parameters.ToJsonString()),
                    }
                ),
                StepGives.Model => new StepOutput(
                    Model: new ModelRef(
                        ContentHash.Of(work.Step.Parameters.ToJsonString()),
                        new Dictionary<string, string>(),
                        work.Store(JsonSerializer.SerializeToNode(work.Step.Cell))
                    )
                ),
                _ => new StepOutput(),
            };
    }
}
