using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Tests.Bus;

public sealed class When_messages_are_lost_doubled_or_all_there_is : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly Workshop _workshop = new();
    private readonly ConcurrentQueue<string> _done = new();
    private readonly ConcurrentQueue<string> _heard = new();

    [Fact]
    public async Task Without_polling_a_command_brings_the_step_to_completion()
    {
        var worker = await WithoutPolling();
        await _workshop.AddStepAsync("s");
        _workshop.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(StepState.Ready, (await _workshop.StepAsync("s")).State);

        await BusOf(worker).PublishAsync(StepKinds.Sample.Command(new(Workshop.Run), new("s")));

        await _workshop.UntilAsync("s", step => step.State == StepState.Completed);
    }

    [Fact]
    public async Task Commands_that_came_while_all_slots_were_taken_are_not_forgotten()
    {
        var worker = await WithoutPolling();
        for (var step = 0; step < 20; step++)
            await _workshop.AddStepAsync($"s{step:00}");

        await BusOf(worker).PublishAsync(StepKinds.Sample.Command(new(Workshop.Run), new("s00")));

        for (var step = 0; step < 20; step++)
            await _workshop.UntilAsync($"s{step:00}", found => found.State == StepState.Completed);
    }

    [Fact]
    public async Task A_repeated_command_has_no_second_effect()
    {
        var worker = await WithoutPolling();
        await _workshop.AddStepAsync("s");

        for (var time = 0; time < 5; time++)
            await BusOf(worker).PublishAsync(StepKinds.Sample.Command(new(Workshop.Run), new("s")));
        await _workshop.UntilAsync("s", step => step.State == StepState.Completed);
        await _workshop.AddStepAsync("t");
        await BusOf(worker).PublishAsync(StepKinds.Sample.Command(new(Workshop.Run), new("t")));
        await _workshop.UntilAsync("t", step => step.State == StepState.Completed);

        Assert.Equal(["first", "s", "t"], _done);
    }

    [Fact]
    public async Task With_every_message_dropped_polling_finds_the_steps()
    {
        await _workshop.StartWorkerAsync("w", Work, services: services => services.AddSingleton<IStepBus, SilentBus>());

        await _workshop.AddStepAsync("s");

        await _workshop.UntilAsync("s", step => step.State == StepState.Completed, Pace);
    }

    [Fact]
    public async Task Without_polling_a_failed_attempt_is_still_made_again()
    {
        var attempts = 0;
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync(
            "w",
            work => ++attempts < 3 ? throw new IOException("passing") : Work(work),
            worker => worker.Polling = false
        );

        await _workshop.UntilAsync("s", step => step.State == StepState.Completed, Pace);
    }

    [Fact]
    public async Task Whoever_observes_hears_of_completed_failed_and_quarantined_steps_of_every_kind()
    {
        List<string> expected = [];
        foreach (var kind in StepKinds.All)
        {
            await _workshop.AddStepAsync($"{kind.Uses}-good", kind);
            await _workshop.AddStepAsync($"{kind.Uses}-bad", kind);
            await _workshop.AddStepAsync($"{kind.Uses}-dead", kind, change: step => step with { Attempts = 5 });
            expected.AddRange([$"{kind.Uses}-bad", $"{kind.Uses}-dead", $"{kind.Uses}-good"]);
        }

        await _workshop.StartWorkerAsync(
            "w",
            [.. StepKinds.All.Select(kind => new ScriptedHandler(kind, Work))],
            services: services => services.AddSingleton<IStepEventObserver>(new Listener(_heard))
        );

        await _workshop.UntilAsync(() => _heard.Distinct().Count() == expected.Count);
        Assert.Equal(expected.Order(), _heard.Distinct().Order());
    }

    [Fact]
    public async Task What_is_published_before_the_queues_are_bound_waits_for_them()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPipelineBus(builder.Configuration);
        builder.Services.AddSingleton<IStepEventObserver>(new Listener(_heard));
        using var host = builder.Build();

        var published = BusOf(host).PublishAsync(StepKinds.Sample.Completed(new("r"), new("early")));
        Assert.False(published.IsCompleted);
        await host.StartAsync();
        await published;

        await _workshop.UntilAsync(() => _heard.Contains("early"));
        await host.StopAsync();
    }

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    /// <summary>A worker that has looked at the store once, and will not do so again unasked.</summary>
    private async Task<IHost> WithoutPolling()
    {
        await _workshop.AddStepAsync("first");
        var worker = await _workshop.StartWorkerAsync("w", Work, options => options.Polling = false);
        await _workshop.UntilAsync("first", step => step.State == StepState.Completed);
        return worker;
    }

    private StepOutput Work(StepWork work)
    {
        _done.Enqueue(work.Step.Id);
        return work.Step.Id.EndsWith("-bad", StringComparison.Ordinal)
            ? throw new BadInputException("wrong")
            : new StepOutput();
    }

    private static IStepBus BusOf(IHost host) => host.Services.GetRequiredService<IStepBus>();

    private sealed class SilentBus : IStepBus
    {
        public Task PublishAsync(object message, CancellationToken cancellation = default) => Task.CompletedTask;
    }

    private sealed class Listener(ConcurrentQueue<string> heard) : IStepEventObserver
    {
        public Task EndedAsync(RunId run, StepId step, CancellationToken cancellation)
        {
            heard.Enqueue(step.Value);
            return Task.CompletedTask;
        }
    }
}
