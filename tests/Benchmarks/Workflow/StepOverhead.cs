using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Orchestration;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Benchmarks.Workflow;

/// <summary>What does a step cost beside its work, embedded: chains of ten steps that do nothing, one chain per seed?</summary>
internal static class StepOverhead
{
    private const int ChainLength = 10;

    public static void Run(BenchmarkInputs inputs)
    {
        if (inputs.Has("distributed"))
        {
            DistributedSteps.RunAsync(inputs).GetAwaiter().GetResult();
            return;
        }
        var chains = Math.Max(1, inputs.Number("steps", 1000) / ChainLength);
        var home = Directory.CreateTempSubdirectory("transfer-workflow-").FullName;
        try
        {
            var (seconds, steps) = RunAsync(home, chains).GetAwaiter().GetResult();
            Measured.Head("steps", "s", "ms/step");
            Measured.Row(steps, seconds, 1000 * seconds / steps);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<(double Seconds, int Steps)> RunAsync(string home, int chains)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddPipelineDefaults("benchmark");
        builder.Services.AddEmbeddedStorage(home);
        builder.Services.AddPipelineBus(builder.Configuration);
        builder.Services.AddStepWorker(worker => worker.Scratch = Path.Combine(home, "scratch"));
        builder.AddOrchestrationService();
        builder.Services.AddSingleton<IStepHandler>(new TrivialHandler(TimeSpan.Zero));
        builder.Services.AddSingleton<IStepHandler, WritesNoReport>();
        using var host = builder.Build();
        await host.StartAsync();

        var desk = host.Services.GetRequiredService<RunDesk>();
        var watch = Stopwatch.StartNew();
        var run = await desk.SubmitAsync(
            new RunRequest(Scenario(chains), "overhead.yaml", []) { Owner = RunOwner.Current() },
            new AnyDataset()
        );
        run = await desk.WaitAsync(run.Id);
        var seconds = watch.Elapsed.TotalSeconds;

        var steps = await desk.StepsAsync(run.Id);
        await host.StopAsync();
        return run.State == RunState.Completed && steps.All(step => step.CachedFrom is null)
            ? (seconds, steps.Count)
            : throw new InvalidOperationException(
                $"The run ended as {run.State}: {steps.FirstOrDefault(step => step.Error is not null)?.Error}"
            );
    }

    /// <summary>Each step of a chain asks for another number of rows, so that no two have the same key.</summary>
    private static string Scenario(int chains)
    {
        var steps = Enumerable
            .Range(1, ChainLength)
            .Select(number =>
            {
                var dataset = number == 1 ? "${inputs.dataset}" : $"${{steps.s{number - 1}}}";
                return $$"""  s{{number}}: { uses: sample, with: { dataset: "{{dataset}}", perClass: {{number}}, seed: "${matrix.seed}" } }""";
            });
        return $$"""
            name: overhead
            inputs: { dataset: anything }
            matrix: { seed: [{{string.Join(", ", Enumerable.Range(1, chains))}}] }
            steps:
            {{string.Join("\n", steps)}}
            """;
    }
}
