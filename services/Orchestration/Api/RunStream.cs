using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Api;

/// <summary>Tells of a run's changes as server-sent events, from what the store holds: any orchestrator can go on with any stream.</summary>
internal sealed class RunStream(RunCounter counter, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);

    public async Task FollowAsync(HttpContext context, string id)
    {
        var run = await counter.GetAsync(id, context.RequestAborted);
        var seen = SeenVersions.Parse(context.Request.Headers["Last-Event-ID"].ToString(), run.Steps.Count);

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            lifetime.ApplicationStopping
        );
        try
        {
            await context.Response.StartAsync(stopping.Token);
            await WriteAsync(context.Response, id, seen, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The reader went away, or this process stops; either may go on from the last event's id.
        }
    }

    private async Task WriteAsync(HttpResponse to, string id, SeenVersions seen, CancellationToken cancellation)
    {
        var known = new Dictionary<string, StepDocument>();
        var last = time.GetTimestamp();
        while (true)
        {
            // The run first: once it has ended, its steps no longer change.
            var run = await counter.GetAsync(id, cancellation);
            var steps = await counter.StepsAsync(id, cancellation);
            var written = false;
            for (var at = 0; at < steps.Count; at++)
                if (seen.IsNewStep(at, steps[at].Version))
                    written |= await WriteStepAsync(to, steps[at], known, seen, cancellation);
            if (seen.IsNewRun(run.Version))
                written |= await WriteEventAsync(to, "run", run, seen, cancellation);

            if (!written && time.GetElapsedTime(last) >= HeartbeatEvery)
            {
                await to.WriteAsync(": heartbeat\n\n", cancellation);
                written = true;
            }
            if (written)
            {
                await to.Body.FlushAsync(cancellation);
                last = time.GetTimestamp();
            }
            if (run.State != RunState.Running)
                return;
            await Task.Delay(LookEvery, time, cancellation);
        }
    }

    /// <summary>A new state is a <c>step</c>, more of the same a <c>progress</c>, and a mere sign of life nothing.</summary>
    private static async Task<bool> WriteStepAsync(
        HttpResponse to,
        StepDocument step,
        Dictionary<string, StepDocument> known,
        SeenVersions seen,
        CancellationToken cancellation
    )
    {
        var before = known.GetValueOrDefault(step.Id);
        known[step.Id] = step;
        if (before is null || (before.State, before.Attempts, before.Error) != (step.State, step.Attempts, step.Error))
            return await WriteEventAsync(to, "step", step, seen, cancellation);
        if (step.Progress is not { } progress || progress == before.Progress)
            return false;
        var data = new StepProgressed(step.Id, progress);
        return await WriteEventAsync(to, "progress", data, seen, cancellation);
    }

    private static async Task<bool> WriteEventAsync<T>(
        HttpResponse to,
        string name,
        T data,
        SeenVersions seen,
        CancellationToken cancellation
    )
    {
        var id = seen.ToString() is { Length: > 0 } text ? $"id: {text}\n" : "";
        var json = JsonSerializer.Serialize(data, WireFormat.Options);
        await to.WriteAsync($"event: {name}\n{id}data: {json}\n\n", cancellation);
        return true;
    }
}

/// <summary>The data of a <c>progress</c> event.</summary>
internal sealed record StepProgressed(string Step, StepProgress Progress);
