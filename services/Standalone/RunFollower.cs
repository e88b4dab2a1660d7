using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone;

/// <summary>Follows a run in this process to its end; Ctrl-C stops it gracefully and says how to go on.</summary>
internal static class RunFollower
{
    public static async Task<int> FollowAsync(
        CommandContext context,
        EmbeddedPipeline pipeline,
        RunDocument run,
        string? output,
        CancellationToken cancellation
    )
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

        context.Terminal.Say($"Run {run.Id} of scenario {run.Scenario}: {run.Steps.Count} steps.");
        await pipeline.StartAsync(run.Id, interrupted.Token);
        try
        {
            await new RunDisplay(context.Terminal, TimeProvider.System).FollowAsync(LoadAsync, interrupted.Token);
        }
        catch (OperationCanceledException)
        {
            context.Terminal.Complain("Stopping: running steps write a checkpoint.");
            await pipeline.StopAsync();
            context.Terminal.Complain($"Go on with: transfer resume {run.Id}{Home(context)}");
            return ExitCode.Cancelled;
        }
        await pipeline.StopAsync();
        return await ConcludeAsync(context, pipeline, run.Id, output, cancellation);

        async Task<(bool, IReadOnlyList<StepDocument>)> LoadAsync()
        {
            var state = (await pipeline.Runs.GetAsync(run.Id, interrupted.Token)).State;
            return (state != RunState.Running, await pipeline.Runs.StepsAsync(run.Id, interrupted.Token));
        }

        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    private static async Task<int> ConcludeAsync(
        CommandContext context,
        EmbeddedPipeline pipeline,
        string id,
        string? output,
        CancellationToken cancellation
    )
    {
        var run = await pipeline.Runs.GetAsync(id, cancellation);
        var steps = await pipeline.Runs.StepsAsync(id, cancellation);
        var report = await pipeline.Reports.FindAsync(id, cancellation);
        if (report is not null)
        {
            var folder = await report.CopyAsync(output ?? Path.Combine(context.Home, "reports", id), cancellation);
            ReportTable.Show(context.Terminal, await report.ReadJsonAsync(cancellation));
            context.Terminal.Say($"Report: {Path.Combine(folder, "report.html")}");
        }

        foreach (var step in steps.Where(step => step.State is StepState.Failed or StepState.Quarantined))
            context.Terminal.Complain($"{RunDisplay.Title(step)}: {RunDisplay.Outcome(step)}");
        var cached = steps.Count(step => step.CachedFrom is not null);
        context.Terminal.Say(
            $"Run {id} {run.State.ToString().ToLowerInvariant()}; {cached} of {steps.Count} steps cached."
        );
        if (context.Terminal.Json)
            Terminal.WriteJson(
                new JsonObject
                {
                    ["run"] = JsonSerializer.SerializeToNode(run, WireFormat.Options),
                    ["steps"] = JsonSerializer.SerializeToNode(steps, WireFormat.Options),
                    ["report"] = report is null ? null : JsonNode.Parse(await report.ReadJsonAsync(cancellation)),
                }.ToJsonString(WireFormat.Readable)
            );
        return run.State switch
        {
            RunState.Completed => ExitCode.Done,
            RunState.Cancelled => ExitCode.Cancelled,
            _ => ExitCode.StepFailed,
        };
    }

    private static string Home(CommandContext context) =>
        context.Home == CommandContext.DefaultHome ? "" : $" --home {context.Home}";
}
