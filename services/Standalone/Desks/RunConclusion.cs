using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Desks;

/// <summary>What is shown of a run that has ended, and the exit code that says how.</summary>
internal static class RunConclusion
{
    public static async Task<int> ShowAsync(
        CommandContext context,
        IStudyDesk desk,
        string id,
        string? output,
        CancellationToken cancellation
    )
    {
        var run = await desk.RunAsync(id, cancellation);
        var steps = await desk.StepsAsync(id, cancellation);
        var report = await desk.ReportAsync(id, cancellation);
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
}
