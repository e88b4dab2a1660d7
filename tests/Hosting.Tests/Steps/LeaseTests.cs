using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Tests.Steps;

public sealed class When_a_worker_stops_answering : IAsyncDisposable
{
    private static readonly StepOutput Nothing = new();
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    private readonly Workshop _workshop = new();

    [Fact]
    public async Task Its_step_is_taken_over_when_the_lease_has_run_out_on_the_observers_clock()
    {
        await _workshop.AddStepAsync("s", change: Claimed);
        await _workshop.AddStepAsync("z");
        await _workshop.StartWorkerAsync("w", _ => Nothing);
        var begun = _workshop.Time.GetUtcNow();
        await _workshop.UntilAsync("z", step => step.State == StepState.Completed);
        Assert.Equal(StepState.Running, (await _workshop.StepAsync("s")).State);

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Completed, Pace);

        Assert.True(step.Ended - begun >= TimeSpan.FromSeconds(30), $"after {step.Ended - begun}");
        Assert.Equal(("w", 4L, 2), (step.Worker, step.Fence, step.Attempts));
    }

    [Fact]
    public async Task A_single_sign_of_life_begins_the_lease_anew()
    {
        var watch = new LeaseWatch(_workshop.Time);
        await _workshop.AddStepAsync("s", change: Claimed);
        var step = await _workshop.StepAsync("s");
        var lease = TimeSpan.FromSeconds(30);

        Assert.False(watch.HasExpired(step, lease));
        _workshop.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(watch.HasExpired(step with { Heartbeat = step.Heartbeat + 1 }, lease));
        _workshop.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(watch.HasExpired(step with { Heartbeat = step.Heartbeat + 1 }, lease));
        _workshop.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(watch.HasExpired(step with { Heartbeat = step.Heartbeat + 1 }, lease));
    }

    [Fact]
    public async Task A_run_taken_over_from_a_dead_process_frees_its_steps_at_once()
    {
        await _workshop.AddRunAsync("own", RunOwner.Current());
        await _workshop.AddStepAsync("s", run: "own", change: Claimed);

        await _workshop.StartWorkerAsync("w", _ => Nothing);

        // The clock stands still.
        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Completed);
        Assert.Equal(("w", 4L, 2), (step.Worker, step.Fence, step.Attempts));
    }

    [Fact]
    public async Task A_step_that_used_up_its_attempts_so_is_quarantined_with_its_error()
    {
        await _workshop.AddStepAsync(
            "s",
            change: step => Claimed(step) with { Attempts = 5, Error = "IOException: disk full" }
        );
        await _workshop.StartWorkerAsync("w", _ => Nothing);

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Quarantined, Pace);

        Assert.Equal(
            "5 workers stopped while working on this step; the last was dead. Its last error: IOException: disk full",
            step.Error
        );
        Assert.NotNull(step.Ended);
    }

    [Fact]
    public async Task The_rest_of_the_steps_goes_on()
    {
        await _workshop.AddStepAsync("a", change: step => Claimed(step) with { Attempts = 5 });
        await _workshop.StartWorkerAsync("w", _ => Nothing);
        await _workshop.UntilAsync("a", step => step.State == StepState.Quarantined, Pace);

        await _workshop.AddStepAsync("b");

        await _workshop.UntilAsync("b", step => step.State == StepState.Completed, Pace);
    }

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    private static StepDocument Claimed(StepDocument step) =>
        step with
        {
            State = StepState.Running,
            Fence = 3,
            Heartbeat = 7,
            Attempts = 1,
            Worker = "dead",
        };
}

public sealed class When_a_step_takes_long : IAsyncDisposable
{
    private static readonly StepOutput Nothing = new();

    private readonly Workshop _workshop = new();
    private readonly ManualResetEventSlim _begun = new();
    private readonly ManualResetEventSlim _finish = new();

    [Fact]
    public async Task The_renewed_lease_keeps_other_workers_off()
    {
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync("one", Wait);
        _begun.Wait();
        await _workshop.StartWorkerAsync("two", Wait);

        for (var renewal = 0; renewal < 12; renewal++)
        {
            var heartbeat = (await _workshop.StepAsync("s")).Heartbeat;
            _workshop.Time.Advance(TimeSpan.FromSeconds(10));
            await _workshop.UntilAsync("s", step => step.Heartbeat > heartbeat);
        }
        _finish.Set();

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Completed);
        Assert.Equal(("one", 1L, 1), (step.Worker, step.Fence, step.Attempts));
    }

    [Fact]
    public async Task A_second_claim_stops_the_first_worker_and_its_result_is_discarded()
    {
        using var stopped = new ManualResetEventSlim();
        await _workshop.AddStepAsync("s");
        var worker = await _workshop.StartWorkerAsync(
            "one",
            work =>
            {
                _begun.Set();
                work.Stop.WaitHandle.WaitOne();
                stopped.Set();
                return Nothing;
            }
        );
        _begun.Wait();

        await _workshop.ChangeAsync(_workshop.Steps, "s", step => step with { Fence = step.Fence + 1, Worker = "two" });
        await _workshop.UntilAsync(() => stopped.IsSet, TimeSpan.FromSeconds(1));
        await worker.StopAsync();

        var step = await _workshop.StepAsync("s");
        Assert.Equal((StepState.Running, "two", 2L), (step.State, step.Worker, step.Fence));
        Assert.Null(step.Output);
    }

    [Fact]
    public async Task A_store_that_is_away_for_a_lease_stops_the_work()
    {
        var store = new AbsentDocuments<StepDocument>(_workshop.Steps);
        var reasons = new List<bool>();
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync(
            "one",
            work =>
            {
                _begun.Set();
                reasons.Add(work.Stop.WaitHandle.WaitOne());
                throw new OperationCanceledException(work.Stop);
            },
            services: services => services.AddSingleton<IDocuments<StepDocument>>(store)
        );
        _begun.Wait();

        store.Away = true;
        await _workshop.UntilAsync(() => reasons.Count == 1, TimeSpan.FromSeconds(1));
        store.Away = false;

        Assert.Equal(StepState.Running, (await _workshop.StepAsync("s")).State);
    }

    [Fact]
    public async Task Cancelling_its_run_is_seen_within_two_seconds()
    {
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync("one", Wait);
        _begun.Wait();

        await _workshop.ChangeAsync(_workshop.Runs, Workshop.Run, run => run with { CancelRequested = true });
        _workshop.Time.Advance(TimeSpan.FromSeconds(2));

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Cancelled);
        Assert.NotNull(step.Ended);
    }

    [Fact]
    public async Task Its_progress_is_stored_at_most_twice_a_second()
    {
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync(
            "one",
            work =>
            {
                for (var update = 1; update <= 1000; update++)
                    work.Progress.Report(new StepProgress(update / 1000.0, $"update {update}"));
                return Wait(work);
            }
        );
        _begun.Wait();
        var claimed = await _workshop.StepAsync("s");
        Assert.Null(claimed.Progress);

        _workshop.Time.Advance(TimeSpan.FromMilliseconds(500));
        var first = await _workshop.UntilAsync("s", step => step.Progress is not null);
        _finish.Set();
        var last = await _workshop.UntilAsync("s", step => step.State == StepState.Completed);

        Assert.Equal(("update 1000", claimed.Version + 1), (first.Progress!.Text, first.Version));
        Assert.Equal(("update 1000", first.Version + 1), (last.Progress!.Text, last.Version));
    }

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    private StepOutput Wait(StepWork work)
    {
        _begun.Set();
        _finish.Wait(work.Stop);
        return Nothing;
    }
}

public sealed class When_a_worker_is_asked_to_stop : IAsyncDisposable
{
    private readonly Workshop _workshop = new();

    [Fact]
    public async Task It_releases_its_step_gives_the_attempt_back_and_another_goes_on_from_the_checkpoint()
    {
        using var begun = new ManualResetEventSlim();
        await _workshop.AddStepAsync("s");
        var one = await _workshop.StartWorkerAsync(
            "one",
            work =>
            {
                begun.Set();
                work.Stop.WaitHandle.WaitOne();
                File.WriteAllText(Path.Combine(work.Scratch, "state"), "at 70");
                work.Checkpoints.Save(70, work.Scratch);
                throw new OperationCanceledException(work.Stop);
            }
        );
        begun.Wait();

        await one.StopAsync();
        var released = await _workshop.StepAsync("s");
        Assert.Equal(
            (StepState.Ready, 0, null, true),
            (released.State, released.Attempts, released.Worker, released.CommandDue)
        );
        Assert.Equal(70, Assert.Single(released.Checkpoints).Position);

        long? position = null;
        string? state = null;
        await _workshop.StartWorkerAsync(
            "two",
            work =>
            {
                position = work.Checkpoints.Restore(work.Scratch);
                state = File.ReadAllText(Path.Combine(work.Scratch, "state"));
                return new StepOutput();
            }
        );

        var done = await _workshop.UntilAsync("s", step => step.State == StepState.Completed);
        Assert.Equal((70L, "at 70"), (position, state));
        Assert.Equal(("two", 2L, 1), (done.Worker, done.Fence, done.Attempts));
    }

    [Fact]
    public async Task An_error_while_it_stops_is_not_held_against_the_step()
    {
        using var begun = new ManualResetEventSlim();
        await _workshop.AddStepAsync("s");
        var worker = await _workshop.StartWorkerAsync(
            "w",
            work =>
            {
                begun.Set();
                work.Stop.WaitHandle.WaitOne();
                throw new NullReferenceException("torn down");
            }
        );
        begun.Wait();

        await worker.StopAsync();

        var step = await _workshop.StepAsync("s");
        Assert.Equal((StepState.Ready, 0), (step.State, step.Attempts));
    }

    [Fact]
    public async Task It_stops_at_once_while_it_waits_for_a_store_that_does_not_answer()
    {
        var store = new SilentDocuments<StepDocument>(_workshop.Steps);
        var worker = await _workshop.StartWorkerAsync(
            "w",
            _ => new StepOutput(),
            services: services => services.AddSingleton<IDocuments<StepDocument>>(store)
        );
        await store.Asked.WaitAsync(TimeSpan.FromMinutes(1));

        await worker.StopAsync();

        // A host that lost its patience has left it behind.
        var stopped = worker.Services.GetServices<IHostedService>().OfType<StepWorker>().Single();
        Assert.True(stopped.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task It_claims_no_further_step()
    {
        using var begun = new ManualResetEventSlim();
        await _workshop.AddStepAsync("a");
        await _workshop.AddStepAsync("b");
        var worker = await _workshop.StartWorkerAsync(
            "w",
            work =>
            {
                begun.Set();
                work.Stop.WaitHandle.WaitOne();
                return new StepOutput();
            }
        );
        begun.Wait();

        await worker.StopAsync();

        Assert.Equal(StepState.Completed, (await _workshop.StepAsync("a")).State);
        Assert.Equal(
            (StepState.Ready, 0L),
            ((await _workshop.StepAsync("b")).State, (await _workshop.StepAsync("b")).Fence)
        );
    }

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();
}
