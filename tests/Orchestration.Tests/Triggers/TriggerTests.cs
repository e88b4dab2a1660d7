using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Tests.Runs;
using TransferPipeline.Orchestration.Triggers;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Tests.Triggers;

public sealed class When_an_event_starts_a_scenario : IDisposable
{
    private readonly TriggerHouse _triggers = new();
    private House House => _triggers.House;

    [Fact]
    public async Task A_new_version_of_the_dataset_fills_the_input_and_is_recorded()
    {
        await AddAsync(Study("first", "dataset-ingested: { name: reviews }"));
        await _triggers.AddDatasetAsync("reviews", 1);
        await _triggers.AddDatasetAsync("reviews", 2);

        await _triggers.Scan.IngestedAsync("reviews", 2, Cancellation);

        var run = Assert.Single(_triggers.Started);
        Assert.Equal(new RunOrigin("dataset-ingested", "reviews@2", 1), run.StartedBy);
        Assert.Equal(["dataset=reviews@2"], run.Overrides);
        Assert.Equal(
            House.Dataset("reviews 2").Splits[0].Id,
            House.Step(run, "few").Inputs.Single().Dataset!.Splits[0].Id
        );
        Assert.Equal(RunState.Completed, (await House.FinishAllAsync(run.Id)).State);
    }

    [Theory]
    [InlineData("reviews", true)]
    [InlineData("rev*", true)]
    [InlineData("*", true)]
    [InlineData("review?", true)]
    [InlineData("review", false)]
    [InlineData("Reviews", false)]
    [InlineData("*.en", false)]
    public async Task A_name_may_stand_for_several(string name, bool fires)
    {
        await AddAsync(Study("first", $"dataset-ingested: {{ name: '{name}' }}"));
        await _triggers.AddDatasetAsync("reviews", 1);

        await _triggers.Scan.ScanAsync(Cancellation);

        Assert.Equal(fires ? 1 : 0, _triggers.Started.Count);
    }

    [Fact]
    public async Task Another_input_may_take_the_dataset()
    {
        await AddAsync(
            Study("first", "dataset-ingested: { name: reviews, as: corpus }")
                .Replace("dataset: }", "corpus: }")
                .Replace("inputs.dataset", "inputs.corpus")
        );
        await _triggers.AddDatasetAsync("reviews", 1);

        await _triggers.Scan.ScanAsync(Cancellation);

        Assert.Equal(["corpus=reviews@1"], Assert.Single(_triggers.Started).Overrides);
    }

    [Fact]
    public async Task What_was_stored_before_it_was_registered_starts_nothing()
    {
        await _triggers.AddDatasetAsync("reviews", 1);
        _triggers.Time.Now += TimeSpan.FromSeconds(1);
        await AddAsync(Study("first", "dataset-ingested: { name: reviews }"));

        await _triggers.Scan.ScanAsync(Cancellation);

        Assert.Empty(_triggers.Started);
    }

    [Fact]
    public async Task A_completed_run_starts_what_follows_it_and_a_failed_one_does_not()
    {
        await _triggers.AddDatasetAsync("reviews", 1);
        await AddAsync(
            Study("second", "run-completed: { scenario: first }").Replace("dataset: }", "dataset: reviews }")
        );
        await AddAsync(
            Study("third", "run-completed: { scenario: second }").Replace("dataset: }", "dataset: reviews }")
        );

        House.Fate = _ => StepState.Failed;
        await House.RunAsync(Study("first", "run-completed: { scenario: x }"), "dataset=reviews");
        await _triggers.Scan.ScanAsync(Cancellation);
        Assert.Empty(_triggers.Started);

        House.Fate = _ => StepState.Completed;
        var first = await House.RunAsync(Study("first", "run-completed: { scenario: x }"), "dataset=reviews");
        await _triggers.Scan.EndedAsync(new RunId(first.Id), new StepId("last"), Cancellation);
        var second = Assert.Single(_triggers.Started);
        await House.FinishAllAsync(second.Id);
        await _triggers.Scan.ScanAsync(Cancellation);

        Assert.Equal(
            [("second", first.Id, 1), ("third", second.Id, 2)],
            _triggers.Started.Select(run => (run.Scenario, run.StartedBy!.Event, run.StartedBy.Depth))
        );
    }

    [Fact]
    public async Task Doubled_messages_scans_and_other_processes_start_it_once()
    {
        await AddAsync(Study("first", "dataset-ingested: { name: '*' }"));
        for (var number = 1; number <= 20; number++)
            await _triggers.AddDatasetAsync("reviews", number);
        TriggerScan[] processes = [.. Enumerable.Range(0, 4).Select(_ => _triggers.Process())];

        await Task.WhenAll(
            processes.SelectMany(process =>
                new[]
                {
                    Task.Run(() => process.ScanAsync(Cancellation)),
                    Task.Run(() => process.IngestedAsync("reviews", 7, Cancellation)),
                }
            )
        );

        Assert.Equal(
            Enumerable.Range(1, 20).Select(number => $"reviews@{number}").Order(),
            _triggers.Started.Select(run => run.StartedBy!.Event).Order()
        );
        Assert.Equal(
            _triggers.Started.SelectMany(run => run.Steps).Order(),
            House.Steps.All.Select(step => step.Id).Order()
        );
    }

    [Fact]
    public async Task A_crash_at_any_write_leaves_one_run_with_all_its_steps_after_the_next_scan()
    {
        for (var write = 0; write < 12; write++)
        for (var after = 0; after < 2; after++)
        {
            using var triggers = new TriggerHouse();
            await triggers.Shelf.AddAsync(Study("first", "dataset-ingested: { name: reviews }"), "a.yaml");
            await triggers.AddDatasetAsync("reviews", 1);
            triggers.House.Crashes.Plan(write, after == 1);
            try
            {
                await triggers.Scan.ScanAsync(Cancellation);
            }
            catch (CrashException) { }
            triggers.Restart();

            await triggers.Scan.ScanAsync(Cancellation);
            await triggers.Scan.ScanAsync(Cancellation);

            var run = Assert.Single(triggers.Started);
            Assert.All(run.Steps, step => Assert.Contains(triggers.House.Steps.All, stored => stored.Id == step));
            Assert.Equal(FiringState.Started, Assert.Single(triggers.Firings.All).State);
            Assert.Equal(RunState.Completed, (await triggers.House.FinishAllAsync(run.Id)).State);
        }
    }

    [Fact]
    public async Task What_cannot_be_submitted_is_refused_once_with_its_reason()
    {
        await AddAsync(
            Study("first", "dataset-ingested: { name: reviews }")
                .Replace("perClass: 8", "perClass: 8, rows: missing.json")
        );
        await _triggers.AddDatasetAsync("reviews", 1);

        await _triggers.Scan.ScanAsync(Cancellation);
        await _triggers.Process().ScanAsync(Cancellation);

        var firing = Assert.Single(await _triggers.Shelf.FiringsAsync("first", Cancellation));
        Assert.Equal(FiringState.Refused, firing.State);
        Assert.Contains("no file 'missing.json' came with the run", firing.Error);
        var listed = Assert.Single(await _triggers.Shelf.ListAsync(Cancellation));
        Assert.Equal((0, $"reviews@1: {firing.Error}"), (listed.Started, listed.Last));
        Assert.Empty(House.Steps.All);
        Assert.Empty(_triggers.Started);
    }

    [Fact]
    public async Task A_process_that_works_on_one_run_fires_nothing()
    {
        await AddAsync(Study("first", "dataset-ingested: { name: reviews }"));
        await _triggers.AddDatasetAsync("reviews", 1);

        await _triggers.Process(onlyRun: "another").IngestedAsync("reviews", 1, Cancellation);

        Assert.Empty(_triggers.Started);
    }

    [Fact]
    public async Task A_removed_scenario_is_started_no_more()
    {
        await AddAsync(Study("first", "dataset-ingested: { name: reviews }"));
        await _triggers.Shelf.RemoveAsync("first", Cancellation);
        await _triggers.AddDatasetAsync("reviews", 1);

        await _triggers.Scan.ScanAsync(Cancellation);

        Assert.Empty(_triggers.Started);
        var unknown = await Assert.ThrowsAsync<BadInputException>(() =>
            _triggers.Shelf.RemoveAsync("first", Cancellation)
        );
        Assert.Equal("no scenario 'first' is registered; there are none", unknown.Message);
    }

    [Fact]
    public async Task A_chain_of_scenarios_that_were_added_at_the_same_moment_ends()
    {
        await _triggers.AddDatasetAsync("reviews", 1);
        var one = await AddAsync(
            Study("one", "run-completed: { scenario: two }").Replace("dataset: }", "dataset: reviews }")
        );
        await _triggers.Scenarios.InsertAsync(
            one with
            {
                Id = "two",
                Source = one.Source.Replace("name: one", "name: two").Replace("scenario: two", "scenario: one"),
                AfterScenario = "one",
            },
            Cancellation
        );

        await House.RunAsync(one.Source);
        for (var round = 0; round < 40; round++)
        {
            await _triggers.Scan.ScanAsync(Cancellation);
            foreach (var run in House.Runs.All.Where(run => run.State == RunState.Running))
                await House.FinishAllAsync(run.Id);
        }

        Assert.Equal(Trigger.DeepestChain, _triggers.Started.Count);
        var refused = Assert.Single(_triggers.Firings.All, firing => firing.State == FiringState.Refused);
        Assert.Equal("more than 16 runs would have started one another", refused.Error);
    }

    public void Dispose() => _triggers.Dispose();

    internal static string Study(string name, string on) =>
        $$"""
            name: {{name}}
            on: { {{on}} }
            inputs: { dataset: }
            steps:
              few: { uses: sample, with: { dataset: "${inputs.dataset}", perClass: 8 } }
              majority: { uses: baseline, with: { algorithm: majority, dataset: "${steps.few}" } }
            """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<ScenarioDocument> AddAsync(string scenario) =>
        (await _triggers.Shelf.AddAsync(scenario, "study.yaml", Cancellation)).Scenario;
}
