using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Works on one claimed step until its document says how it ended.</summary>
internal sealed class StepRunner(
    IEnumerable<IStepHandler> handlers,
    IArtefacts artefacts,
    IDocuments<RunDocument> runs,
    StepAnnouncements announcements,
    IOptions<StepWorkerOptions> options,
    TimeProvider time,
    ILogger<StepRunner> log
)
{
    private readonly Dictionary<string, IStepHandler> _handlers = handlers.ToDictionary(handler => handler.Kind.Uses);
    private readonly Lazy<ScratchFolders> _scratch = new(() => new ScratchFolders(options.Value.Scratch));

    public IReadOnlyCollection<string> Kinds => _handlers.Keys;

    /// <param name="device">The device whose slot the step has.</param>
    /// <param name="stored">Called once its end is stored: telling of it takes a broker's time, and no slot.</param>
    public async Task RunAsync(StepLease lease, string device, Action stored, CancellationToken shutdown)
    {
        using var held = lease;
        using var trace = StepTrace.Start(lease.Current, time, log);
        using var keeper = new LeaseKeeper(lease, runs, options.Value, time, log);
        using var ended = new CancellationTokenSource();
        await using var asked = shutdown.Register(() => keeper.Ask(StopReason.Shutdown));

        var keeping = keeper.KeepAsync(ended.Token);
        var result = await HandleOnThreadAsync(lease, device, keeper);
        await ended.CancelAsync();
        await keeping;
        await ConcludeAsync(lease, keeper, result, stored);
        trace.End(lease.Current);
    }

    /// <summary>Blocking work of hours would starve the thread pool, and libtorch keeps its scopes per thread.</summary>
    private Task<Result> HandleOnThreadAsync(StepLease lease, string device, LeaseKeeper keeper)
    {
        var done = new TaskCompletionSource<Result>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => done.SetResult(Handle(lease, device, keeper)))
        {
            IsBackground = true,
            Name = "step " + lease.Step,
        }.Start();
        return done.Task;
    }

    private Result Handle(StepLease lease, string device, LeaseKeeper keeper)
    {
        try
        {
            var step = lease.Current;
            var scratch = _scratch.Value.Create();
            var checkpoints = new StoredCheckpoints(lease, artefacts, log);
            var work = new StepWork(step, artefacts, keeper, checkpoints, scratch, keeper.Stop, device);
            try
            {
                return new Result(_handlers[step.Uses].Handle(work), null);
            }
            catch (Exception error)
            {
                return new Result(null, work.Named(error));
            }
            finally
            {
                ScratchFolders.Delete(scratch);
            }
        }
        catch (Exception error)
        {
            return new Result(null, error);
        }
    }

    /// <summary>Tries again while the lease holds: hours of work are not to be lost to a store that is away for seconds.</summary>
    private async Task ConcludeAsync(StepLease lease, LeaseKeeper keeper, Result result, Action stored)
    {
        while (true)
        {
            try
            {
                await WriteEndAsync(lease, keeper, result, stored);
                return;
            }
            catch (Exception away) when (lease.Age < options.Value.Lease)
            {
                log.LogWarning(away, "The end of step {Step} could not be written yet", lease.Step);
                await Task.Delay(TimeSpan.FromSeconds(1), time);
            }
        }
    }

    private Task WriteEndAsync(StepLease lease, LeaseKeeper keeper, Result result, Action stored) =>
        (result, keeper.Reason) switch
        {
            ({ Output: { } output }, _) => CompleteAsync(lease, keeper, output, stored),
            // Once asked to stop, an error of any kind says nothing about the step.
            (_, StopReason.Cancelled) => CancelAsync(lease),
            (_, StopReason.Shutdown) => ReleaseAsync(lease),
            (_, StopReason.LeaseLost) => Discard(lease),
            ({ Error: { } error }, _) when StepFaults.IsPermanent(error) => FailAsync(lease, error),
            ({ Error: { } error }, _) when lease.Current.Attempts >= options.Value.MaxAttempts => FailAsync(
                lease,
                error
            ),
            ({ Error: { } error }, _) => PostponeAsync(lease, error),
            _ => FailAsync(lease, new InvalidDataException("The handler returned nothing.")),
        };

    private async Task CompleteAsync(StepLease lease, LeaseKeeper keeper, StepOutput output, Action stored)
    {
        IReadOnlyList<StepCheckpoint> dropped = [];
        FaultPoints.Reach(FaultPoints.BeforeResult);
        var completed = await lease.UpdateAsync(step =>
        {
            dropped = step.Checkpoints;
            return step with
            {
                State = StepState.Completed,
                Output = output,
                Error = null,
                Progress = keeper.Progress ?? step.Progress,
                Checkpoints = [],
                Ended = time.GetUtcNow(),
            };
        });
        if (completed is null)
        {
            await Discard(lease);
            return;
        }
        FaultPoints.Reach(FaultPoints.AfterResult);
        stored();
        await announcements.CompletedAsync(completed, CancellationToken.None);
        await StoredCheckpoints.DeleteAsync(dropped, artefacts);
    }

    private async Task FailAsync(StepLease lease, Exception error)
    {
        log.LogError(error, "Step {Step} failed for good", lease.Step);
        await EndAsync(
            lease,
            step => step with { State = StepState.Failed, Error = StepFaults.Describe(error), Ended = time.GetUtcNow() }
        );
    }

    private Task CancelAsync(StepLease lease) =>
        EndAsync(lease, step => step with { State = StepState.Cancelled, Ended = time.GetUtcNow() });

    private async Task PostponeAsync(StepLease lease, Exception error)
    {
        var due = time.GetUtcNow() + StepFaults.Wait(lease.Current.Attempts);
        log.LogWarning(error, "Step {Step} failed and is tried again from {Due}", lease.Step, due);
        await EndAsync(
            lease,
            step =>
                step with
                {
                    State = StepState.Ready,
                    NotBefore = due,
                    CommandDue = true,
                    Error = StepFaults.Describe(error),
                }
        );
    }

    /// <summary>The process stops: the step waits for another one, and this claim does not count.</summary>
    private async Task ReleaseAsync(StepLease lease)
    {
        var released = await lease.UpdateAsync(step =>
            step with
            {
                State = StepState.Ready,
                Attempts = step.Attempts - 1,
                Worker = null,
                CommandDue = true,
            }
        );
        if (released is null)
            await Discard(lease);
    }

    private async Task EndAsync(StepLease lease, Func<StepDocument, StepDocument> end)
    {
        if (await lease.UpdateAsync(end) is { } ended)
            await announcements.FailedAsync(ended, CancellationToken.None);
        else
            await Discard(lease);
    }

    private Task Discard(StepLease lease)
    {
        log.LogWarning("Step {Step} is no longer held under fence {Fence}: result discarded", lease.Step, lease.Fence);
        return Task.CompletedTask;
    }

    private sealed record Result(StepOutput? Output, Exception? Error);
}
