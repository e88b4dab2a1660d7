using System.Text.Json.Nodes;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Distributed.Tests.Faults;

public sealed class When_workers_come_and_go(RabbitMqNode broker)
{
    private const string WithEndlessStep = """
        name: endless
        inputs: { dataset: reviews, model: tiny-bert }
        steps:
          few:     { uses: sample,    with: { dataset: "${inputs.dataset}", perClass: 16, dev: none, seed: 1 } }
          svm:     { uses: baseline,  with: { algorithm: linear-svm, dataset: "${steps.few}" } }
          endless: { uses: fine-tune, with: { model: "${inputs.model}", weights: random, dataset: "${steps.few}", updates: 1000000, maxTokens: 32, seed: 1 } }
          scores:  { uses: evaluate,  with: { models: ["${steps.svm}"], split: test } }
          unmade:  { uses: evaluate,  with: { models: ["${steps.endless}"], split: test } }
        """;

    [Fact]
    public async Task A_step_whose_workers_keep_dying_is_quarantined_and_the_rest_goes_on()
    {
        RabbitMqNode.Require();
        await using var place = await Workplace.OpenAsync(broker.Port, "StepWorker:MaxAttempts=2");
        foreach (var service in Crew.All.Distinct())
            place.Crew.Start(service);
        var run = await place.Desk.SubmitAsync(WithEndlessStep);

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await place.UntilAsync(
                run,
                steps =>
                    Find(steps, "svm").State == StepState.Completed
                    && Find(steps, "endless") is { State: StepState.Running } step
                    && step.Attempts == attempt
            );
            place.Crew.Kill(place.Crew.Living.Single(process => process.Name == "Training"));
            place.Crew.Start("Training");
        }

        var ended = await place.Desk.EndAsync(run);
        var all = await place.Desk.StepsAsync(run);
        Assert.Equal(RunState.Failed, ended.State);
        Assert.Equal(
            [
                ("few", StepState.Completed),
                ("svm", StepState.Completed),
                ("endless", StepState.Quarantined),
                ("scores", StepState.Completed),
                ("unmade", StepState.Skipped),
                ("report", StepState.Completed),
            ],
            all.Select(step => (step.Name, step.State)).OrderBy(pair => Array.IndexOf(Order, pair.Name))
        );
        Assert.StartsWith("2 workers stopped while working on this step", Find(all, "endless").Error);
        var rows = JsonNode.Parse(await place.Desk.ReportAsync(all))!.AsArray();
        Assert.Equal(["svm"], rows.Select(row => (string)row!["step"]!));
    }

    [Fact]
    public async Task A_rolling_restart_costs_no_attempt()
    {
        RabbitMqNode.Require();
        await using var place = await Workplace.OpenAsync(broker.Port, [.. Workplace.LongLeases, Workplace.ToldStarts]);
        place.Crew.StartAll();
        var run = await place.Desk.SubmitAsync(StudyDesk.SmallStudy);
        await place.UntilAsync(
            run,
            steps =>
                steps.Any(step => step.State == StepState.Running)
                && place.Crew.Living.All(process => process.HasStarted)
        );

        foreach (var old in place.Crew.Living.ToList())
        {
            place.Crew.Start(old.Name);
            await place.Crew.StopAsync(old, TestContext.Current.CancellationToken);
            Assert.True(old.ExitCode == 0, $"{old.Name} ended with {old.ExitCode}: {old.Log}");
        }

        Assert.Equal(await Workplace.UndisturbedRowsAsync(), await place.Desk.RowsAsync(run));
        Assert.All(await place.Desk.StepsAsync(run), step => Assert.Equal((step.Id, 1), (step.Id, step.Attempts)));
    }

    [Fact]
    public async Task A_late_result_of_a_worker_that_stood_still_is_refused()
    {
        RabbitMqNode.Require();
        await using var place = await Workplace.OpenAsync(broker.Port);
        place.Crew.StartAll();
        await place.Crew.StopAsync(place.Crew.Living[^1], TestContext.Current.CancellationToken);
        await place.Crew.StopAsync(place.Crew.Living[^1], TestContext.Current.CancellationToken);
        var zombie = place.Crew.Start("Training", $"{FaultPoints.BeforeResult}:1:pause");
        var run = await place.Desk.SubmitAsync(StudyDesk.SmallStudy);
        var paused = await place.UntilAsync(run, _ => zombie.IsPaused);
        var held = paused.Where(step => step.State == StepState.Running && zombie.IsWorker(step.Worker)).ToList();

        var other = place.Crew.Start("Training");
        var rows = await place.Desk.RowsAsync(run);
        var before = await place.Desk.StepsAsync(run);
        zombie.Resume();
        await place.UntilAsync(run, _ => zombie.Log.Contains("is no longer held under fence"));

        Assert.NotEmpty(held);
        var after = await place.Desk.StepsAsync(run);
        foreach (var step in held)
        {
            var done = after.Single(one => one.Id == step.Id);
            Assert.True(other.IsWorker(done.Worker) && done.Fence > step.Fence, $"{done.Id} {done.Fence}");
        }
        Assert.Equal(before.Select(step => step.Version), after.Select(step => step.Version));
        Assert.Equal(await Workplace.UndisturbedRowsAsync(), rows);
    }

    private static readonly string[] Order = ["few", "svm", "endless", "scores", "unmade", "report"];

    private static StepDocument Find(IReadOnlyList<StepDocument> steps, string name) =>
        steps.Single(step => step.Name == name);
}
