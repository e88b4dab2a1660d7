using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts;
using TransferPipeline.Orchestration;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Benchmarks.Workflow;

/// <summary>What do steps cost where orchestrator and workers are processes that talk over RabbitMQ?</summary>
internal static class DistributedSteps
{
    public static async Task RunAsync(BenchmarkInputs inputs)
    {
        if (!RabbitMqNode.Installed)
            throw new BadInputException("RabbitMQ is not installed; expected Debian's rabbitmq-server.");
        var broker = new RabbitMqNode();
        try
        {
            await broker.InitializeAsync();
            var server = inputs.Has("mongo") ? inputs.Text("mongo").TrimEnd('/') : null;
            Measured.Head("question", "figure", "asked for");
            await InAsync(broker, server, shape => ChainAsync(shape, inputs.Number("steps", 1000)));
            await InAsync(broker, server, shape => SlotsAsync(shape, inputs.Number("tasks", 1600)));
            await InAsync(broker, server, JoinAsync);
            await InAsync(broker, server, ShareAsync);
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    /// <summary>Each step needs the one before: how long from a result to the next claim?</summary>
    private static async Task ChainAsync(WorkflowShape shape, int length)
    {
        using var worker = WorkflowProcess.Worker(shape, slots: 1, milliseconds: 1);
        worker.WaitUntilReady();
        var steps = await FinishAsync(shape, Chain(length));

        var chain = steps.Where(step => step.Name.StartsWith('s')).ToList();
        var gaps = chain
            .Zip(chain.Skip(1), (one, next) => (next.Started!.Value - one.Ended!.Value).TotalMilliseconds)
            .Order()
            .ToArray();
        Measured.Row($"{length} steps in a chain: ms from a result to the next claim, mean", gaps.Average(), "≤ 20");
        Measured.Row("the same, median", Measured.Median(gaps), "");
        Measured.Row("the same, 95 of 100 below", gaps[gaps.Length * 95 / 100], "");
    }

    /// <summary>Many steps of 100 ms for 16 slots: in processes that have just started, and in the same ones again.</summary>
    private static async Task SlotsAsync(WorkflowShape shape, int tasks)
    {
        const int Processes = 4;
        const int Slots = 4;
        var workers = Enumerable.Range(0, Processes).Select(_ => WorkflowProcess.Worker(shape, Slots, 100)).ToList();
        try
        {
            workers.ForEach(worker => worker.WaitUntilReady());
            var least = tasks * 0.1 / (Processes * Slots);
            var asked = FormattableString.Invariant($"≤ {least * 1.15:0.#} ({least:0.#} of work)");
            Measured.Row(
                $"{tasks} steps of 100 ms, {Processes * Slots} slots in {Processes} processes: s",
                await SecondsAsync(Side(tasks)),
                asked
            );
            Measured.Row("as many more in the same processes: s", await SecondsAsync(Side(tasks, after: tasks)), asked);
        }
        finally
        {
            workers.ForEach(worker => worker.Dispose());
        }

        async Task<double> SecondsAsync(string scenario)
        {
            var steps = (await FinishAsync(shape, scenario)).Where(step => step.Name == "s").ToList();
            return (steps.Max(step => step.Ended!.Value) - steps.Min(step => step.Started!.Value)).TotalSeconds;
        }
    }

    /// <summary>A second worker starts in the middle of a run.</summary>
    private static async Task JoinAsync(WorkflowShape shape)
    {
        using var first = WorkflowProcess.Worker(shape, slots: 1, milliseconds: 100);
        first.WaitUntilReady();
        WorkflowProcess? second = null;
        var started = default(DateTimeOffset);
        var steps = await FinishAsync(
            shape,
            Side(100),
            seen =>
            {
                if (second is not null || seen.Count(step => step.State == StepState.Completed) < 5)
                    return;
                started = DateTimeOffset.UtcNow;
                second = WorkflowProcess.Worker(shape, slots: 1, milliseconds: 100);
            }
        );
        using var joined = second!;
        var its = steps.Where(step => joined.IsWorker(step.Worker)).Select(step => step.Started!.Value).ToList();
        Measured.Row(
            "a worker started in the middle of a run: s from the start of its process to its first step",
            its.Count == 0 ? "it did none" : (its.Min() - started).TotalSeconds,
            "≤ 2"
        );
    }

    private static async Task ShareAsync(WorkflowShape shape)
    {
        using var one = WorkflowProcess.Worker(shape, slots: 1, milliseconds: 20);
        using var two = WorkflowProcess.Worker(shape, slots: 1, milliseconds: 20);
        one.WaitUntilReady();
        two.WaitUntilReady();
        var steps = (await FinishAsync(shape, Side(200))).Where(step => step.Name == "s").ToList();
        var share = 100.0 * steps.Count(step => one.IsWorker(step.Worker)) / steps.Count;
        Measured.Row("of two workers the less busy one does: % of the steps", Math.Min(share, 100 - share), "≥ 25");
    }

    private static async Task InAsync(RabbitMqNode broker, string? server, Func<WorkflowShape, Task> question)
    {
        var home = Directory.CreateTempSubdirectory("transfer-workflow-").FullName;
        try
        {
            var mongo = server is null ? null : $"{server}/benchmark-{Guid.NewGuid():N}";
            var shape = new WorkflowShape(home, broker.Port, mongo);
            using var orchestrator = WorkflowProcess.Orchestrator(shape);
            orchestrator.WaitUntilReady();
            await question(shape);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<StepDocument>> FinishAsync(
        WorkflowShape shape,
        string scenario,
        Action<IReadOnlyList<StepDocument>>? look = null
    )
    {
        using var host = WorkflowProcess.Build(shape, builder => builder.AddOrchestrationService());
        var desk = host.Services.GetRequiredService<RunDesk>();
        var run = await desk.SubmitAsync(new RunRequest(scenario, "steps.yaml", []), new AnyDataset());
        for (var ended = desk.WaitAsync(run.Id); look is not null && !ended.IsCompleted; await Task.Delay(50))
            look(await desk.StepsAsync(run.Id));
        run = await desk.WaitAsync(run.Id);
        var steps = await desk.StepsAsync(run.Id);
        return run.State == RunState.Completed
            ? steps
            : throw new InvalidOperationException(
                $"The run ended as {run.State}: {steps.FirstOrDefault(step => step.Error is not null)?.Error}"
            );
    }

    private static string Chain(int length) =>
        Scenario(
            Enumerable
                .Range(1, length)
                .Select(number =>
                {
                    var dataset = number == 1 ? "${inputs.dataset}" : $"${{steps.s{number - 1}}}";
                    return $$"""  s{{number}}: { uses: sample, with: { dataset: "{{dataset}}", perClass: {{number}}, seed: 1 } }""";
                })
        );

    private static string Side(int count, int after = 0) =>
        $$$"""
            name: side-by-side
            inputs: { dataset: anything }
            matrix: { seed: [{{{string.Join(", ", Enumerable.Range(after + 1, count))}}}] }
            steps:
              s: { uses: sample, with: { dataset: "${inputs.dataset}", perClass: 1, seed: "${matrix.seed}" } }
            """;

    private static string Scenario(IEnumerable<string> steps) =>
        $$"""
            name: chain
            inputs: { dataset: anything }
            steps:
            {{string.Join("\n", steps)}}
            """;
}
