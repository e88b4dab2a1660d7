using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Bus.DeadLetters;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Tests.Bus;

public sealed class When_a_consumer_gives_a_message_up : IAsyncDisposable
{
    private readonly Workshop _workshop = new();
    private readonly ConcurrentQueue<string> _heard = new();
    private volatile bool _broken = true;

    [Fact]
    public async Task It_is_kept_with_its_queue_and_reason()
    {
        var letters = await DeadLettersOf("lost");

        var letter = Assert.Single(await letters.ListAsync(TestContext.Current.CancellationToken));

        Assert.Equal("step-events", letter.Queue);
        Assert.Equal(typeof(DatasetSampled).FullName, letter.MessageType);
        Assert.Equal("IOException: the disk is on fire", letter.Reason);
        Assert.Contains(nameof(Observer), letter.Detail);
        Assert.Equal("""{"run":"run-1","step":"lost"}""", letter.Message!.ToJsonString());
        Assert.Equal((0, null), (letter.Replays, letter.Replayed));
        Assert.Equal(letter.Id, (await letters.FindAsync(letter.Id, TestContext.Current.CancellationToken))!.Id);
    }

    [Fact]
    public async Task Replayed_it_reaches_its_consumer_again_and_stays_on_record()
    {
        var letters = await DeadLettersOf("lost");
        var letter = Assert.Single(await letters.ListAsync(TestContext.Current.CancellationToken));
        _broken = false;

        var replayed = await letters.ReplayAsync(letter.Id, TestContext.Current.CancellationToken);

        await _workshop.UntilAsync(() => _heard.Contains("lost"));
        Assert.Equal((1, _workshop.Time.GetUtcNow()), (replayed.Replays, replayed.Replayed));
        Assert.Single(await letters.ListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Replayed_too_early_it_dies_again_as_another_letter()
    {
        var letters = await DeadLettersOf("lost");
        var letter = Assert.Single(await letters.ListAsync(TestContext.Current.CancellationToken));

        await letters.ReplayAsync(letter.Id, TestContext.Current.CancellationToken);

        await UntilAsync(letters, count: 2);
    }

    [Fact]
    public async Task What_is_no_letter_or_no_message_cannot_be_replayed()
    {
        var letters = await DeadLettersOf("lost");
        await _workshop.DeadLetters.InsertAsync(
            new DeadLetterDocument
            {
                Id = "odd",
                Queue = "step-events",
                Body = "not json",
                Reason = "unreadable",
                Died = _workshop.Time.GetUtcNow(),
            },
            TestContext.Current.CancellationToken
        );

        var none = await Assert.ThrowsAsync<BadInputException>(() =>
            letters.ReplayAsync("none", TestContext.Current.CancellationToken)
        );
        var odd = await Assert.ThrowsAsync<BadInputException>(() =>
            letters.ReplayAsync("odd", TestContext.Current.CancellationToken)
        );

        Assert.Contains("there is no dead letter 'none'", none.Message);
        Assert.Contains("is no message of the pipeline", odd.Message);
    }

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    /// <summary>The dead letters of a process whose observer failed on that step's event.</summary>
    private async Task<IDeadLetters> DeadLettersOf(string step)
    {
        var host = await _workshop.StartWorkerAsync(
            "w",
            _ => new StepOutput(),
            services: services => services.AddSingleton<IStepEventObserver>(new Observer(this))
        );
        await host
            .Services.GetRequiredService<IStepBus>()
            .PublishAsync(StepKinds.Sample.Completed(new(Workshop.Run), new(step)));
        var letters = host.Services.GetRequiredService<IDeadLetters>();
        await UntilAsync(letters, count: 1);
        return letters;
    }

    private Task UntilAsync(IDeadLetters letters, int count) =>
        _workshop.UntilAsync(async () => (await letters.ListAsync()).Count == count);

    private sealed class Observer(When_a_consumer_gives_a_message_up test) : IStepEventObserver
    {
        public Task EndedAsync(RunId run, StepId step, CancellationToken cancellation)
        {
            if (test._broken)
                throw new IOException("the disk is on fire");
            test._heard.Enqueue(step.Value);
            return Task.CompletedTask;
        }
    }
}
