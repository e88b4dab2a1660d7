using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Finds steps that this process may work on, and claims them by compare-and-set.</summary>
internal sealed class StepClaims(
    IDocuments<StepDocument> steps,
    IDocuments<RunDocument> runs,
    StepAnnouncements announcements,
    LeaseWatch leases,
    IOptions<StepWorkerOptions> options,
    TimeProvider time,
    ILogger<StepClaims> log
)
{
    private readonly RunOwner _process = RunOwner.Current();

    /// <summary>Claims the first step of these kinds that can be had.</summary>
    /// <param name="device">What it is to be computed on, <c>cpu</c> or <c>cuda:N</c>.</param>
    public async Task<Claim> TryClaimAsync(IReadOnlyList<string> kinds, string device, CancellationToken cancellation)
    {
        var kindOfDevice = DeviceKind.Of(device);
        var look = new Look(kindOfDevice, new Dictionary<string, RunDocument?>(), time.GetTimestamp());
        foreach (var kind in kinds)
        {
            await foreach (var step in steps.FindAsync(cancellation, Fields(StepState.Ready, kind)))
                if (await TryClaimReadyAsync(step, look, cancellation) is { } lease)
                    return new Claim(lease, null);
            await foreach (var step in steps.FindAsync(cancellation, Fields(StepState.Running, kind)))
                if (await TryTakeOverAsync(step, look, cancellation) is { } lease)
                    return new Claim(lease, null);
        }
        return new Claim(null, look.NextDue);
    }

    private async Task<StepLease?> TryClaimReadyAsync(StepDocument step, Look look, CancellationToken cancellation)
    {
        if (step.NotBefore is { } due && due > time.GetUtcNow())
        {
            look.Postponed(due);
            return null;
        }
        return await MayWorkOnAsync(step, look, cancellation) is null
            ? null
            : await ClaimAsync(step, "was claimed", look, cancellation);
    }

    private async Task<StepLease?> TryTakeOverAsync(StepDocument step, Look look, CancellationToken cancellation)
    {
        var expired = leases.HasExpired(step, options.Value.Lease);
        if (await MayWorkOnAsync(step, look, cancellation) is not { } run)
            return null;

        // Who takes a run over has seen that its former owner is dead, so what that one had claimed is free at once.
        var orphaned = run.Owner == _process && !IsOfThisProcess(step);
        return expired || orphaned
            ? await ClaimAsync(step, "was taken over from " + step.Worker, look, cancellation)
            : null;
    }

    /// <summary>The step's run where this process may work on it, else null.</summary>
    private async Task<RunDocument?> MayWorkOnAsync(StepDocument step, Look look, CancellationToken cancellation)
    {
        // Its result is another on another kind of device, so it waits for a slot on its own.
        if (step.Device != look.Device)
            return null;
        if (!look.Runs.TryGetValue(step.Run, out var run))
            look.Runs[step.Run] = run = await runs.GetAsync(step.Run, cancellation);
        return run is { CancelRequested: false } && (run.Owner is null || run.Owner == _process) ? run : null;
    }

    private async Task<StepLease?> ClaimAsync(StepDocument step, string what, Look look, CancellationToken cancellation)
    {
        if (step.Attempts >= options.Value.MaxAttempts)
        {
            await QuarantineAsync(step, cancellation);
            return null;
        }
        var claimed = await steps.ReplaceAsync(
            step with
            {
                State = StepState.Running,
                Fence = step.Fence + 1,
                Heartbeat = step.Heartbeat + 1,
                Attempts = step.Attempts + 1,
                Worker = options.Value.Worker,
                NotBefore = null,
                CommandDue = false,
                Error = null,
                Progress = null,
                Started = step.Started ?? time.GetUtcNow(),
            },
            CancellationToken.None // A claim that is stored but not heard of would hold the step for a lease.
        );
        if (claimed is null)
            return null;
        PipelineMetrics.StepClaimed(
            step.Uses,
            time.GetElapsedTime(look.Began),
            step.Attempts == 0 ? time.GetUtcNow() - step.ReadySince : null
        );
        FaultPoints.Reach(FaultPoints.AfterClaim);
        log.LogInformation("Step {Step} {What} as attempt {Attempt}", step.Id, what, claimed.Attempts);
        return new StepLease(claimed, steps, time);
    }

    private async Task QuarantineAsync(StepDocument step, CancellationToken cancellation)
    {
        var error =
            $"{step.Attempts} workers stopped while working on this step; the last was {step.Worker}."
            + (step.Error is null ? "" : $" Its last error: {step.Error}");
        var quarantined = await steps.ReplaceAsync(
            step with
            {
                State = StepState.Quarantined,
                Fence = step.Fence + 1,
                Error = error,
                CommandDue = false,
                Ended = time.GetUtcNow(),
            },
            cancellation
        );
        if (quarantined is null)
            return;
        log.LogError("Step {Step} is quarantined: {Error}", step.Id, error);
        await announcements.FailedAsync(quarantined, cancellation);
    }

    private (string, string)[] Fields(StepState state, string kind)
    {
        (string, string)[] fields = [("state", state == StepState.Ready ? "ready" : "running"), ("uses", kind)];
        return options.Value.OnlyRun is { } run ? [.. fields, ("run", run)] : fields;
    }

    private bool IsOfThisProcess(StepDocument step) => step.Worker == options.Value.Worker;

    /// <summary>What one pass over the store has learnt.</summary>
    private sealed record Look(string Device, Dictionary<string, RunDocument?> Runs, long Began)
    {
        public DateTimeOffset? NextDue { get; private set; }

        public void Postponed(DateTimeOffset due) => NextDue = NextDue is { } known && known < due ? known : due;
    }
}

/// <summary>The outcome of a look at the store.</summary>
/// <param name="Lease">The claimed step, or null.</param>
/// <param name="NextDue">When the next postponed step may be claimed, where one was seen.</param>
internal readonly record struct Claim(StepLease? Lease, DateTimeOffset? NextDue);
