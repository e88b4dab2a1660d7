using Microsoft.Extensions.DependencyInjection;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Tests.Steps;

public sealed class When_the_store_makes_a_write_and_does_not_answer : IAsyncDisposable
{
    private static readonly StepOutput Nothing = new();

    private readonly Workshop _workshop = new();
    private readonly UnansweredDocuments<StepDocument> _store;

    public When_the_store_makes_a_write_and_does_not_answer() => _store = new(_workshop.Steps);

    [Fact]
    public async Task A_result_after_a_renewal_is_not_taken_for_that_renewal()
    {
        using var lease = await ClaimedAsync();
        await LoseAnswerAsync(lease, step => step with { Progress = new StepProgress(0.5, "half") });

        var ended = await lease.UpdateAsync(step => step with { State = StepState.Completed, Output = Nothing });

        Assert.Equal(StepState.Completed, ended?.State);
        var stored = await _workshop.StepAsync("s");
        Assert.Equal((StepState.Completed, "half"), (stored.State, stored.Progress?.Text));
    }

    [Fact]
    public async Task A_checkpoint_after_a_renewal_is_not_taken_for_that_renewal()
    {
        using var lease = await ClaimedAsync();
        await LoseAnswerAsync(lease, step => step);

        await lease.UpdateAsync(step =>
            step with
            {
                Checkpoints = [new StepCheckpoint(10, new Dictionary<string, string>())],
            }
        );

        Assert.Equal(10, Assert.Single((await _workshop.StepAsync("s")).Checkpoints).Position);
    }

    [Fact]
    public async Task A_result_written_again_later_is_known_as_written()
    {
        using var lease = await ClaimedAsync();
        await LoseAnswerAsync(lease, End);
        var stored = await _workshop.StepAsync("s");

        _workshop.Time.Advance(TimeSpan.FromSeconds(1));
        var ended = await lease.UpdateAsync(End);

        Assert.Equal((StepState.Completed, stored.Version), (ended?.State, ended?.Version));
        Assert.Equal(stored.Ended, (await _workshop.StepAsync("s")).Ended);
    }

    [Fact]
    public async Task A_worker_brings_its_result_all_the_same()
    {
        await _workshop.AddStepAsync("s");

        await _workshop.StartWorkerAsync(
            "w",
            _ =>
            {
                _store.Unanswered = 1;
                return Nothing;
            },
            services: services => services.AddSingleton<IDocuments<StepDocument>>(_store)
        );

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Completed);
        Assert.Equal((1L, 1), (step.Fence, step.Attempts));
    }

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    private StepDocument End(StepDocument step) =>
        step with
        {
            State = StepState.Completed,
            Output = Nothing,
            Ended = _workshop.Time.GetUtcNow(),
        };

    private async Task<StepLease> ClaimedAsync()
    {
        await _workshop.AddStepAsync("s", change: step => step with { State = StepState.Running, Fence = 1 });
        return new StepLease(await _workshop.StepAsync("s"), _store, _workshop.Time);
    }

    private async Task LoseAnswerAsync(StepLease lease, Func<StepDocument, StepDocument> change)
    {
        _store.Unanswered = 1;
        await Assert.ThrowsAsync<IOException>(() => lease.UpdateAsync(change));
    }
}
