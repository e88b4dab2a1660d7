using System.Collections.Concurrent;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Tests.Steps;

public sealed class When_workers_look_for_steps : IAsyncDisposable
{
    private static readonly StepOutput Nothing = new();
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly Workshop _workshop = new();

    [Fact]
    public async Task Two_workers_do_each_step_once()
    {
        var done = new ConcurrentDictionary<string, int>();
        for (var step = 0; step < 40; step++)
            await _workshop.AddStepAsync($"s{step:00}");

        foreach (var name in new[] { "one", "two" })
            await _workshop.StartWorkerAsync(
                name,
                work =>
                {
                    done.AddOrUpdate(work.Step.Id, 1, (_, times) => times + 1);
                    return Nothing;
                },
                worker => worker.Pools = [new(["sample"], Slots: 4)]
            );

        for (var step = 0; step < 40; step++)
        {
            var ended = await _workshop.UntilAsync($"s{step:00}", found => found.State == StepState.Completed);
            Assert.Equal((1, 1L, 1), (ended.Attempts, ended.Fence, done[ended.Id]));
        }
    }

    [Fact]
    public async Task The_work_is_done_on_a_thread_of_its_own()
    {
        bool? pooled = null;
        await _workshop.AddStepAsync("s");

        await _workshop.StartWorkerAsync(
            "w",
            _ =>
            {
                pooled = Thread.CurrentThread.IsThreadPoolThread;
                return Nothing;
            }
        );

        await _workshop.UntilAsync("s", step => step.State == StepState.Completed);
        Assert.False(pooled);
    }

    [Fact]
    public async Task The_claim_and_the_result_are_in_the_document()
    {
        var file = new Dictionary<string, string> { ["a"] = "sha256:0" };
        await _workshop.AddStepAsync("s", change: step => step with { CommandDue = true, Error = "earlier" });

        await _workshop.StartWorkerAsync("w", _ => new StepOutput(Files: file));

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Completed);
        Assert.Equal(("w", false, null), (step.Worker, step.CommandDue, step.Error));
        Assert.Equal(file, step.Output!.Files);
        Assert.Equal((_workshop.Time.GetUtcNow(), _workshop.Time.GetUtcNow()), (step.Started, step.Ended));
    }

    [Fact]
    public async Task Kinds_that_share_a_slot_take_turns()
    {
        var working = 0;
        var most = 0;
        StepOutput Work(StepWork work)
        {
            most = Math.Max(most, Interlocked.Increment(ref working));
            Thread.Yield();
            Interlocked.Decrement(ref working);
            return Nothing;
        }
        for (var step = 0; step < 10; step++)
            await _workshop.AddStepAsync($"s{step}", step % 2 == 0 ? StepKinds.Pretrain : StepKinds.FineTune);

        await _workshop.StartWorkerAsync(
            "w",
            [new ScriptedHandler(StepKinds.Pretrain, Work), new ScriptedHandler(StepKinds.FineTune, Work)],
            worker => worker.Pools = [new([StepKinds.Pretrain.Uses, StepKinds.FineTune.Uses], Slots: 1)]
        );

        for (var step = 0; step < 10; step++)
            await _workshop.UntilAsync($"s{step}", found => found.State == StepState.Completed);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_kind_alone_does_not_wait_for_another()
    {
        using var second = new ManualResetEventSlim();
        await _workshop.AddStepAsync("first", StepKinds.FineTune);
        await _workshop.AddStepAsync("second", StepKinds.Baseline);

        await _workshop.StartWorkerAsync(
            "w",
            [
                new ScriptedHandler(
                    StepKinds.FineTune,
                    work =>
                    {
                        second.Wait(work.Stop);
                        return Nothing;
                    }
                ),
                new ScriptedHandler(
                    StepKinds.Baseline,
                    _ =>
                    {
                        second.Set();
                        return Nothing;
                    }
                ),
            ]
        );

        await _workshop.UntilAsync("first", step => step.State == StepState.Completed);
    }

    [Fact]
    public async Task Only_the_asked_run_is_worked_on()
    {
        await _workshop.AddStepAsync("other", run: "another");
        await _workshop.AddStepAsync("z");

        await _workshop.StartWorkerAsync("w", _ => Nothing, worker => worker.OnlyRun = Workshop.Run);

        await _workshop.UntilAsync("z", step => step.State == StepState.Completed);
        Assert.Equal(StepState.Ready, (await _workshop.StepAsync("other")).State);
    }

    [Theory]
    [InlineData("cpu", "cuda", null)]
    [InlineData("cpu", "cuda", "cpu")]
    [InlineData("cuda", "cpu", "cuda:0")]
    public async Task Steps_are_left_to_workers_that_have_their_device(string own, string other, string? offered)
    {
        await _workshop.AddStepAsync("a", change: step => step with { Device = other });
        await _workshop.AddStepAsync("b", change: step => step with { Device = own });

        await _workshop.StartWorkerAsync(
            "w",
            _ => Nothing,
            worker => worker.Devices = offered is null ? worker.Devices : [offered]
        );

        await _workshop.UntilAsync("b", step => step.State == StepState.Completed);
        Assert.Equal(StepState.Ready, (await _workshop.StepAsync("a")).State);
    }

    [Fact]
    public async Task Each_device_has_slots_of_its_own_and_a_step_knows_its_device()
    {
        var together = new Barrier(participantCount: 2);
        var devices = new ConcurrentBag<string>();
        foreach (var step in new[] { "a", "b" })
            await _workshop.AddStepAsync(step, change: step => step with { Device = "cuda" });

        await _workshop.StartWorkerAsync(
            "w",
            work =>
            {
                devices.Add(work.Device);
                Assert.True(together.SignalAndWait(TimeSpan.FromMinutes(1)));
                return Nothing;
            },
            worker => worker.Devices = ["cpu", "cuda:0", "cuda:1"]
        );

        foreach (var step in new[] { "a", "b" })
            await _workshop.UntilAsync(step, found => found.State == StepState.Completed);
        Assert.Equal(["cuda:0", "cuda:1"], devices.Order());
    }

    [Fact]
    public async Task Runs_of_another_process_are_left_to_it()
    {
        await _workshop.AddRunAsync("another", RunOwner.Current() with { ProcessStart = "0" });
        await _workshop.AddRunAsync("own", RunOwner.Current());
        await _workshop.AddStepAsync("a", run: "another");
        await _workshop.AddStepAsync("b", run: "own");

        await _workshop.StartWorkerAsync("w", _ => Nothing);

        await _workshop.UntilAsync("b", step => step.State == StepState.Completed);
        Assert.Equal(StepState.Ready, (await _workshop.StepAsync("a")).State);
    }

    [Fact]
    public async Task Steps_of_a_cancelled_run_are_not_begun()
    {
        await _workshop.AddRunAsync("cancelled", cancelRequested: true);
        await _workshop.AddStepAsync("a", run: "cancelled");
        await _workshop.AddStepAsync("b");

        await _workshop.StartWorkerAsync("w", _ => Nothing);

        await _workshop.UntilAsync("b", step => step.State == StepState.Completed);
        Assert.Equal(StepState.Ready, (await _workshop.StepAsync("a")).State);
    }

    [Fact]
    public async Task A_postponed_step_waits_for_its_time()
    {
        var due = _workshop.Time.GetUtcNow().AddSeconds(20);
        await _workshop.AddStepAsync("a", change: step => step with { NotBefore = due });
        await _workshop.AddStepAsync("b");

        await _workshop.StartWorkerAsync("w", _ => Nothing);

        await _workshop.UntilAsync("b", step => step.State == StepState.Completed);
        Assert.Equal(StepState.Ready, (await _workshop.StepAsync("a")).State);
        var step = await _workshop.UntilAsync("a", step => step.State == StepState.Completed, Pace);
        Assert.True(step.Started >= due);
    }

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();
}
