using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Tests.Steps;

public sealed class When_the_work_fails : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly Workshop _workshop = new();
    private readonly List<DateTimeOffset> _attempts = [];

    [Fact]
    public async Task A_wrong_request_fails_at_once_with_its_message()
    {
        await _workshop.AddStepAsync("s");

        await _workshop.StartWorkerAsync("w", _ => throw new BadInputException("rows.json:3: 'samples' is missing"));

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Failed);
        Assert.Equal(("rows.json:3: 'samples' is missing", 1), (step.Error, step.Attempts));
        Assert.NotNull(step.Ended);
    }

    [Fact]
    public async Task A_fault_of_the_program_fails_at_once()
    {
        await _workshop.AddStepAsync("s");

        await _workshop.StartWorkerAsync("w", _ => throw new NullReferenceException("nothing there"));

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Failed);
        Assert.Equal(("NullReferenceException: nothing there", 1), (step.Error, step.Attempts));
    }

    [Fact]
    public async Task A_passing_error_is_tried_again_after_one_and_two_seconds()
    {
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync("w", _ => Fail(times: 2));

        var waiting = await _workshop.UntilAsync("s", step => step is { State: StepState.Ready, Attempts: 1 });
        Assert.Equal(("IOException: disk full", true), (waiting.Error, waiting.CommandDue));
        Assert.Equal(_attempts[0].AddSeconds(1), waiting.NotBefore);

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Completed, Pace);
        Assert.Equal((3, null, null), (step.Attempts, step.Error, step.NotBefore));
        Assert.True(_attempts[1] - _attempts[0] >= TimeSpan.FromSeconds(1));
        Assert.True(_attempts[2] - _attempts[1] >= TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task An_error_that_does_not_pass_fails_the_step_after_five_attempts()
    {
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync("w", _ => Fail(times: 99));

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Failed, Pace);

        Assert.Equal(("IOException: disk full", 5), (step.Error, step.Attempts));
        Assert.Equal(5, _attempts.Count);
    }

    [Fact]
    public async Task A_handler_that_returns_nothing_fails()
    {
        await _workshop.AddStepAsync("s");

        await _workshop.StartWorkerAsync("w", _ => null!);

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Failed);
        Assert.Contains("returned nothing", step.Error);
    }

    [Fact]
    public async Task The_next_step_is_done()
    {
        await _workshop.AddStepAsync("a");
        await _workshop.AddStepAsync("b");

        await _workshop.StartWorkerAsync(
            "w",
            work => work.Step.Id == "a" ? throw new BadInputException("wrong") : new StepOutput()
        );

        await _workshop.UntilAsync("b", step => step.State == StepState.Completed);
    }

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    private StepOutput Fail(int times)
    {
        _attempts.Add(_workshop.Time.GetUtcNow());
        return _attempts.Count <= times ? throw new IOException("disk full") : new StepOutput();
    }
}
