using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Keeps the slots of this process busy: claims ready steps when a message rings and while a slot is free.</summary>
internal sealed class StepWorker(
    StepRunner runner,
    StepClaims claims,
    StepWakeUps wakeUps,
    IOptions<StepWorkerOptions> options,
    TimeProvider time,
    ILogger<StepWorker> log
) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            from pool in Pools()
            from device in options.Value.Devices
            select FillAsync(pool, device, stoppingToken)
        );

    private IEnumerable<SlotPool> Pools()
    {
        var shared = options
            .Value.Pools.Select(pool => pool with { Kinds = [.. pool.Kinds.Intersect(runner.Kinds)] })
            .Where(pool => pool.Kinds.Count > 0)
            .ToList();
        var alone = runner.Kinds.Except(shared.SelectMany(pool => pool.Kinds)).Select(kind => new SlotPool([kind], 1));
        return [.. shared, .. alone];
    }

    private async Task FillAsync(SlotPool pool, string device, CancellationToken stopping)
    {
        using var slots = new SemaphoreSlim(pool.Slots, pool.Slots);
        var bell = wakeUps.Listen(pool.Kinds);
        var running = new List<Task>();
        await using var poll = time.CreateTimer(
            _ => bell.Ring(),
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        try
        {
            while (true)
            {
                await slots.WaitAsync(stopping);
                StepLease? lease = null;
                try
                {
                    lease = (await TryClaimAsync(pool, stopping)).Lease;
                }
                finally
                {
                    if (lease is null)
                        slots.Release();
                }
                running.RemoveAll(step => step.IsCompleted);
                if (lease is null)
                    await bell.WaitAsync(stopping);
                else
                    running.Add(RunAsync(lease, device, Free, stopping));
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // The handlers were asked to stop; each writes a checkpoint and its step is released.
            await Task.WhenAll(running);
        }

        void Free()
        {
            slots.Release();
            bell.Ring();
        }

        async Task<Claim> TryClaimAsync(SlotPool kinds, CancellationToken cancellation)
        {
            try
            {
                var claim = await claims.TryClaimAsync(kinds.Kinds, device, cancellation);
                poll.Change(NextLook(claim), Timeout.InfiniteTimeSpan);
                return claim;
            }
            catch (Exception away) when (!cancellation.IsCancellationRequested)
            {
                log.LogWarning(away, "The store could not be asked for steps");
                poll.Change(options.Value.PollEvery, Timeout.InfiniteTimeSpan);
                return default;
            }
        }
    }

    /// <summary>Jittered, so that many workers do not ask in step.</summary>
    private TimeSpan NextLook(Claim claim)
    {
        var poll = options.Value.Polling
            ? options.Value.PollEvery * (0.75 + Random.Shared.NextDouble() / 2)
            : Timeout.InfiniteTimeSpan;
        if (claim.NextDue is not { } due)
            return poll;
        var wait = due - time.GetUtcNow();
        wait = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        return poll == Timeout.InfiniteTimeSpan || wait < poll ? wait : poll;
    }

    /// <param name="free">Gives the slot back.</param>
    private async Task RunAsync(StepLease lease, string device, Action free, CancellationToken stopping)
    {
        var held = true;
        try
        {
            await runner.RunAsync(lease, device, FreeOnce, stopping);
        }
        catch (Exception fault)
        {
            // The claim runs out by itself, and another attempt is made.
            log.LogError(fault, "Step {Step} could not be concluded", lease.Step);
        }
        finally
        {
            FreeOnce();
        }

        void FreeOnce()
        {
            if (held)
                free();
            held = false;
        }
    }
}
