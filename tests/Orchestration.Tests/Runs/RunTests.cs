using System.Diagnostics;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Tests.Runs;

/// <summary>A small study over a store in memory.</summary>
public abstract class StudyTests : IAsyncLifetime
{
    protected const string Study = """
        name: study
        inputs: { dataset: reviews, model: minilm }
        matrix: { seed: [1, 2] }
        steps:
          few: { uses: sample, with: { dataset: "${inputs.dataset}", perClass: 8, seed: "${matrix.seed}" } }
          tuned: { uses: fine-tune, with: { model: "${inputs.model}", dataset: "${steps.few}", seed: "${matrix.seed}" } }
          majority: { uses: baseline, with: { algorithm: majority, dataset: "${inputs.dataset}" } }
          scores: { uses: evaluate, with: { models: ["${steps.tuned}"] } }
        """;

    private protected House House { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await House.AddDatasetAsync("reviews", 1, House.Dataset("train rows", hidden: "labels"));
        await House.AddModelAsync("minilm");
    }

    public ValueTask DisposeAsync()
    {
        House.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected Task<RunDocument> RunAsync(params string[] overrides) => House.RunAsync(Study, overrides);

    private protected List<string> ComputedBy(RunDocument run) =>
        [
            .. House
                .Computed.Where(id => id.StartsWith(run.Id, StringComparison.Ordinal))
                .Select(id => id[(run.Id.Length + 1)..]),
        ];
}

public sealed class When_a_run_is_submitted : StudyTests
{
    [Fact]
    public async Task Its_steps_are_named_after_run_step_and_cell_and_the_report_comes_last()
    {
        var run = await House.SubmitAsync(Study);

        Assert.Equal(
            ["few.0", "few.1", "tuned.0", "tuned.1", "majority.0", "scores.0", "scores.1", "report.0"],
            run.Steps.Select(step => step[(run.Id.Length + 1)..])
        );
        var report = House.Step(run, "report");
        Assert.True(report.RunsAfterFailure);
        Assert.Equal(run.Steps.SkipLast(1), report.Needs);
        Assert.Equal(["seed"], run.MatrixKeys);
    }

    [Fact]
    public async Task It_runs_to_its_end()
    {
        var run = await RunAsync();

        Assert.Equal(RunState.Completed, run.State);
        Assert.NotNull(run.Finished);
        Assert.All(House.StepsOf(run), step => Assert.Equal(StepState.Completed, step.State));
        Assert.Equal(8, ComputedBy(run).Count);
    }

    [Fact]
    public async Task What_was_given_and_what_was_made_are_the_inputs_of_its_steps()
    {
        var run = await RunAsync();

        var tuned = House.Step(run, "tuned");
        Assert.Equal("minilm", tuned.Inputs[0].GivenAs);
        Assert.Equal(House.Step(run, "few").Output!.Dataset!.Id, tuned.Inputs[1].Dataset!.Id);
        Assert.Equal(tuned.Output!.Model!.Id, House.Step(run, "scores").Inputs[0].Model!.Id);
    }

    [Fact]
    public async Task A_failed_step_skips_what_needs_it_and_the_report_is_written_all_the_same()
    {
        House.Fate = step =>
            step.Id.EndsWith("tuned.1", StringComparison.Ordinal) ? StepState.Failed : StepState.Completed;
        var run = await RunAsync();

        Assert.Equal(RunState.Failed, run.State);
        var states = House.StepsOf(run).ToDictionary(step => step.Id[(run.Id.Length + 1)..], step => step.State);
        Assert.Equal(StepState.Skipped, states["scores.1"]);
        Assert.Equal(StepState.Completed, states["scores.0"]);
        Assert.Equal(StepState.Completed, states["report.0"]);
        Assert.Equal($"It needs {run.Id}.tuned.1, which failed.", House.StepsOf(run)[6].Error);
    }

    [Fact]
    public async Task What_it_names_must_be_stored_and_nothing_is_stored_otherwise()
    {
        var problem = await Assert.ThrowsAsync<BadInputException>(() =>
            House.SubmitAsync(Study, "dataset=revews", "model=minilm@2")
        );

        Assert.Equal(
            [
                "--set dataset=revews: inputs.dataset: no dataset 'revews' is stored; expected one of reviews",
                "--set model=minilm@2: inputs.model: no model 'minilm@2' is stored; expected one of minilm",
            ],
            problem.Problems
        );
        Assert.Empty(House.Steps.All);
        Assert.Empty(House.Runs.All);
    }

    [Fact]
    public async Task What_is_wrong_is_asked_for_once_however_many_cells_name_it()
    {
        var resolver = new CountingResolver();
        var request = new RunRequest(Study, "study.yaml", []);
        await Assert.ThrowsAsync<BadInputException>(() => House.Desk.SubmitAsync(request, resolver));
        Assert.Equal(["reviews", "minilm"], resolver.Asked);
    }

    private sealed class CountingResolver : IInputResolver
    {
        public List<string> Asked { get; } = [];

        public Task<ResolvedInput> ResolveAsync(InputKind kind, string text, CancellationToken cancellation = default)
        {
            Asked.Add(text);
            throw new BadInputException("no such thing");
        }
    }

    [Fact]
    public async Task A_name_is_the_newest_of_that_name_and_a_number_is_that_one()
    {
        await House.AddDatasetAsync("reviews", 2, House.Dataset("newer rows"));
        var newest = await House.SubmitAsync(Study);
        var first = await House.SubmitAsync(Study, "dataset=reviews@1");

        Assert.Equal(House.Dataset("newer rows").Id, House.Step(newest, "few").Inputs[0].Dataset!.Id);
        Assert.Equal(House.Dataset("train rows").Id, House.Step(first, "few").Inputs[0].Dataset!.Id);
    }

    [Fact]
    public async Task Its_models_can_be_named_by_later_scenarios()
    {
        await RunAsync();

        Assert.Equal(
            ["minilm", "study.majority", "study.tuned.1", "study.tuned.2"],
            House.Models.All.Select(model => model.Name)
        );
        var next = await House.RunAsync(Study, "model=study.tuned.2");
        Assert.Equal(RunState.Completed, next.State);
        await RunAsync();
        Assert.Equal(2, House.Models.All.Count(model => model.Name == "study.tuned.2"));
    }

    [Fact]
    public async Task Only_what_trains_on_a_device_asks_for_it()
    {
        var request = new RunRequest(Study, "study.yaml", []) { Device = "cuda" };
        var run = await House.Desk.SubmitAsync(request, new CatalogueInputs(House.Datasets, House.Models));

        Assert.Equal(
            ["few cpu", "tuned cuda", "majority cpu", "scores cpu", "report cpu"],
            House.StepsOf(run).Select(step => $"{step.Name} {step.Device}").Distinct()
        );
        var wrong = await Assert.ThrowsAsync<BadInputException>(() =>
            House.Desk.SubmitAsync(request with { Device = "tpu" }, new CatalogueInputs(House.Datasets, House.Models))
        );
        Assert.Equal("device 'tpu': expected cpu or cuda", wrong.Message);
    }

    [Fact]
    public async Task A_step_may_ask_for_a_device_of_its_own()
    {
        var study = Study.Replace("uses: fine-tune,", "uses: fine-tune, device: cuda,");

        var run = await SubmitAsync(new RunRequest(study, "study.yaml", []));

        Assert.All(
            House.StepsOf(run),
            step => Assert.Equal(step.Uses == StepKinds.FineTune.Uses ? "cuda" : "cpu", step.Device)
        );
    }

    [Fact]
    public async Task A_process_that_trains_itself_refuses_devices_that_it_does_not_have()
    {
        var asked = new RunRequest(Study, "study.yaml", []) { Device = "cuda" };
        var written = new RunRequest(Study.Replace("fine-tune,", "fine-tune, device: cuda,"), "study.yaml", []);
        House.Place = new Place("fp32", "cpu", "cuda:1");
        House.Restart();
        await SubmitAsync(asked);

        House.Place = new Place("fp32", "cpu");
        House.Restart();
        foreach (var request in new[] { asked, written })
        {
            var refused = await Assert.ThrowsAsync<BadInputException>(() => SubmitAsync(request));
            Assert.Equal("device 'cuda': expected cpu, which is all that is found here", refused.Message);
        }
        Assert.Single(await House.Desk.ListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Its_precision_is_settled_when_it_is_handed_in_and_belongs_to_what_trains()
    {
        House.Place = new Place("bf16", "cpu");
        House.Restart();

        var run = await SubmitAsync(new RunRequest(Study, "study.yaml", []) { Precision = "auto" });

        Assert.All(
            House.StepsOf(run),
            step => Assert.Equal(step.Uses == StepKinds.FineTune.Uses ? "bf16" : "fp32", step.Precision)
        );
    }

    [Theory]
    [InlineData("auto", "precision 'auto': is measured where the run is handed in, and nothing is trained there")]
    [InlineData("int8", "precision 'int8': expected fp32, bf16 or auto")]
    public async Task A_precision_that_cannot_be_had_is_refused(string precision, string message)
    {
        var request = new RunRequest(Study, "study.yaml", []) { Precision = precision };

        var refused = await Assert.ThrowsAsync<BadInputException>(() => SubmitAsync(request));

        Assert.StartsWith(message, refused.Message);
    }

    private Task<RunDocument> SubmitAsync(RunRequest request) =>
        House.Desk.SubmitAsync(request, new CatalogueInputs(House.Datasets, House.Models));

    private sealed class Place(string faster, params string[] devices) : ITrainingPlace
    {
        public IReadOnlyList<string> Devices => devices;

        public string FasterPrecision(string device) => faster;
    }

    [Fact]
    public async Task Its_steps_join_its_trace()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineMetrics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);

        var run = await House.SubmitAsync(Study);

        Assert.True(ActivityContext.TryParse(run.Trace, null, out _));
        Assert.All(House.StepsOf(run), step => Assert.Equal(run.Trace, step.Trace));
    }

    [Fact]
    public async Task A_crash_between_its_writes_leaves_no_run_that_lacks_steps()
    {
        House.Crashes.Plan(5, after: true);
        await Assert.ThrowsAsync<CrashException>(() => House.SubmitAsync(Study));
        Assert.Empty(House.Runs.All);
    }
}

public sealed class When_it_was_computed_before : StudyTests
{
    [Fact]
    public async Task Nothing_but_the_report_is_computed_again()
    {
        var first = await RunAsync();
        var second = await RunAsync();

        Assert.Equal(["report.0"], ComputedBy(second));
        Assert.All(House.StepsOf(second).SkipLast(1), step => Assert.Equal(first.Id, step.CachedFrom));
        Assert.Equal(House.Step(first, "tuned").Output!.Model!.Id, House.Step(second, "tuned").Output!.Model!.Id);
    }

    [Fact]
    public async Task The_run_that_computed_it_is_named_also_when_the_answer_went_through_another()
    {
        var first = await RunAsync();
        await RunAsync();
        var third = await RunAsync();

        Assert.Equal(first.Id, House.Step(third, "tuned").CachedFrom);
    }

    [Fact]
    public async Task A_further_seed_computes_only_its_cells()
    {
        await RunAsync();
        var more = await RunAsync("seed=1,2,3");

        Assert.Equal(["few.2", "tuned.2", "scores.2", "report.0"], ComputedBy(more));
    }

    [Fact]
    public async Task Other_test_rows_and_hidden_labels_train_nothing_again()
    {
        await RunAsync();
        await House.AddDatasetAsync("reviews", 2, House.Dataset("train rows", test: "other test", hidden: "permuted"));
        var run = await RunAsync();

        Assert.DoesNotContain("majority.0", ComputedBy(run));
        Assert.Contains("few.0", ComputedBy(run));
    }

    [Fact]
    public async Task A_damaged_artefact_is_computed_again_and_nothing_else()
    {
        var first = await RunAsync();
        House.Artefacts.Damage(House.Step(first, "tuned").Output!.Model!.Files["weights"]);
        House.Restart();
        var second = await RunAsync();

        Assert.Equal(["tuned.0", "report.0"], ComputedBy(second));
        House.Restart();
        Assert.Equal(["report.0"], ComputedBy(await RunAsync()));
    }

    [Fact]
    public async Task A_deleted_one_too()
    {
        var first = await RunAsync();
        var train = House.Step(first, "few").Output!.Dataset!.Find("train")!;
        await House.Artefacts.DeleteAsync(train.Content);
        House.Restart();

        Assert.Equal(["few.0", "report.0"], ComputedBy(await RunAsync()));
    }

    [Fact]
    public async Task Everything_is_computed_where_that_is_asked_for()
    {
        await RunAsync();
        var request = new RunRequest(Study, "study.yaml", []) { NoCache = true };
        var run = await House.Desk.SubmitAsync(request, new CatalogueInputs(House.Datasets, House.Models));
        await House.FinishAllAsync(run.Id);

        Assert.Equal(8, ComputedBy(run).Count);
        var next = await RunAsync();
        Assert.All(House.StepsOf(next).SkipLast(1), step => Assert.Equal(run.Id, step.CachedFrom));
    }

    [Fact]
    public async Task Equal_steps_under_way_in_two_runs_are_computed_once()
    {
        var one = await House.SubmitAsync(Study);
        await House.ScanAsync(one.Id);
        var other = await House.SubmitAsync(Study);
        await House.ScanAsync(other.Id);
        Assert.Equal(StepState.Ready, House.Step(one, "few").State);
        Assert.Equal(StepState.Waiting, House.Step(other, "few").State);

        await House.FinishAllAsync(one.Id);
        await House.FinishAllAsync(other.Id);
        Assert.Equal(["report.0"], ComputedBy(other));
    }

    [Fact]
    public async Task Who_waited_for_one_that_failed_computes_it()
    {
        var one = await House.SubmitAsync(Study);
        await House.ScanAsync(one.Id);
        var other = await House.SubmitAsync(Study);
        await House.ScanAsync(other.Id);
        House.Fate = step => step.Run == one.Id && step.Name == "few" ? StepState.Failed : StepState.Completed;
        await House.FinishAllAsync(one.Id);

        Assert.Equal(StepState.Ready, House.Step(other, "few").State);
        Assert.Equal(RunState.Completed, (await House.FinishAllAsync(other.Id)).State);
    }

    [Fact]
    public async Task Who_died_over_one_is_not_waited_for()
    {
        var dead = new RunOwner("another boot", 1, "1");
        var request = new RunRequest(Study, "study.yaml", []) { Owner = dead };
        var left = await House.Desk.SubmitAsync(request, new CatalogueInputs(House.Datasets, House.Models));
        await House.ScanAsync(left.Id);
        var run = await House.SubmitAsync(Study);
        await House.ScanAsync(run.Id);

        Assert.Equal(StepState.Ready, House.Step(left, "few").State);
        Assert.Equal(StepState.Ready, House.Step(run, "few").State);
    }
}

public sealed class When_a_run_is_cancelled : StudyTests
{
    [Fact]
    public async Task What_has_not_begun_ends_at_once_and_the_run_when_the_rest_has()
    {
        var run = await House.SubmitAsync(Study);
        await House.ScanAsync(run.Id);
        var claimed = (await House.ClaimAsync(House.Step(run, "few")))!;
        await House.Desk.CancelAsync(run.Id);

        Assert.Equal(StepState.Running, House.Step(run, "few").State);
        Assert.All(House.StepsOf(run).Skip(1), step => Assert.Equal(StepState.Cancelled, step.State));
        Assert.Equal(RunState.Running, House.Runs.All.Single().State);

        House.Fate = _ => StepState.Cancelled;
        await House.TellAsync((await House.FinishAsync(claimed))!);
        Assert.Equal(RunState.Cancelled, House.Runs.All.Single().State);
    }

    [Fact]
    public async Task A_dead_process_s_steps_end_at_once_and_its_late_results_are_refused()
    {
        var request = new RunRequest(Study, "study.yaml", []) { Owner = new RunOwner("another boot", 1, "1") };
        var run = await House.Desk.SubmitAsync(request, new CatalogueInputs(House.Datasets, House.Models));
        await House.ScanAsync(run.Id);
        var claimed = (await House.ClaimAsync(House.Step(run, "few")))!;

        Assert.Equal(RunState.Cancelled, (await House.Desk.CancelAsync(run.Id)).State);
        Assert.Null(await House.FinishAsync(claimed));
        Assert.True(House.Step(run, "few").Fence > claimed.Fence);
    }

    [Fact]
    public async Task One_that_has_ended_is_refused()
    {
        var run = await RunAsync();
        var problem = await Assert.ThrowsAsync<BadInputException>(() => House.Desk.CancelAsync(run.Id));
        Assert.Equal($"run {run.Id} has ended already: completed", problem.Message);
    }
}

public sealed class When_a_run_is_retried : StudyTests
{
    [Fact]
    public async Task What_failed_and_what_was_skipped_for_it_is_taken_up_and_the_report_written_anew()
    {
        House.Fate = step => step.Name == "tuned" ? StepState.Failed : StepState.Completed;
        var run = await RunAsync();
        House.Computed.Clear();
        House.Fate = _ => StepState.Completed;

        await House.Desk.RetryAsync(run.Id, null, null);
        Assert.Equal(RunState.Completed, (await House.FinishAllAsync(run.Id)).State);
        Assert.Equal(["tuned.0", "tuned.1", "scores.0", "scores.1", "report.0"], ComputedBy(run));
    }

    [Fact]
    public async Task One_step_takes_up_what_it_needs_and_what_needs_it()
    {
        House.Fate = step => step.Name == "few" ? StepState.Quarantined : StepState.Completed;
        var run = await RunAsync();
        House.Computed.Clear();
        House.Fate = _ => StepState.Completed;

        await House.Desk.RetryAsync(run.Id, "tuned.1", null);
        Assert.Equal(RunState.Failed, (await House.FinishAllAsync(run.Id)).State);
        Assert.Equal(["few.1", "tuned.1", "scores.1", "report.0"], ComputedBy(run));
    }

    [Fact]
    public async Task Attempts_are_counted_anew_and_checkpoints_kept()
    {
        House.Fate = step => step.Name == "tuned" ? StepState.Failed : StepState.Completed;
        var run = await RunAsync();
        var failed = House.Step(run, "tuned");
        var checkpoint = new StepCheckpoint(100, new Dictionary<string, string> { ["weights"] = "sha256:c" });
        await House.Steps.ReplaceAsync(failed with { Attempts = 5, Checkpoints = [checkpoint] });

        await House.Desk.RetryAsync(run.Id, null, null);
        var ready = House.Step(run, "tuned");
        Assert.Equal((StepState.Ready, 0, 100), (ready.State, ready.Attempts, ready.Checkpoints.Single().Position));
    }

    [Fact]
    public async Task A_cancelled_one_goes_on()
    {
        var run = await House.SubmitAsync(Study);
        await House.Desk.CancelAsync(run.Id);
        await House.Desk.RetryAsync(run.Id, null, null);

        Assert.Equal(RunState.Completed, (await House.FinishAllAsync(run.Id)).State);
    }

    [Fact]
    public async Task Nothing_to_retry_an_unknown_step_and_an_unknown_run_are_refused()
    {
        var run = await RunAsync();
        async Task<string> Refusal(string id, string? step) =>
            (await Assert.ThrowsAsync<BadInputException>(() => House.Desk.RetryAsync(id, step, null))).Message;

        Assert.Equal($"run {run.Id} has nothing to retry: every step is completed", await Refusal(run.Id, null));
        Assert.Equal(
            $"run {run.Id} has no step 'tunde'; expected one of few, tuned, majority, scores, report",
            await Refusal(run.Id, "tunde")
        );
        Assert.Equal($"no run 'other'; the newest are {run.Id}", await Refusal("other", null));
    }
}

public sealed class When_a_run_is_resumed : StudyTests
{
    private static readonly RunOwner Dead = new("another boot", 1, "1");

    [Fact]
    public async Task What_the_dead_process_had_claimed_is_free_at_once()
    {
        var run = await SubmitAsync(Dead);
        await House.ScanAsync(run.Id);
        var claimed = (await House.ClaimAsync(House.Step(run, "few")))!;
        var resumed = await House.Desk.ResumeAsync(run.Id, RunOwner.Current());

        Assert.Equal(RunOwner.Current(), resumed.Owner);
        Assert.Equal(StepState.Ready, House.Step(run, "few").State);
        Assert.Null(await House.FinishAsync(claimed));
        Assert.Equal(RunState.Completed, (await House.FinishAllAsync(run.Id)).State);
    }

    [Fact]
    public async Task It_is_refused_while_its_process_lives()
    {
        // The parent of every process of this machine but the first.
        var init = File.ReadAllText("/proc/1/stat");
        var living = RunOwner.Current() with
        {
            ProcessId = 1,
            ProcessStart = init[(init.LastIndexOf(')') + 2)..].Split(' ')[19],
        };
        var run = await SubmitAsync(living);

        var problem = await Assert.ThrowsAsync<BadInputException>(() =>
            House.Desk.ResumeAsync(run.Id, RunOwner.Current())
        );
        Assert.Equal($"run {run.Id} is still worked on by process 1", problem.Message);
    }

    [Fact]
    public async Task One_that_has_ended_is_refused()
    {
        House.Fate = _ => StepState.Failed;
        var run = await RunAsync();
        var problem = await Assert.ThrowsAsync<BadInputException>(() => House.Desk.ResumeAsync(run.Id, null));
        Assert.Equal($"run {run.Id} has ended already: failed; expected 'transfer retry {run.Id}'", problem.Message);
    }

    private Task<RunDocument> SubmitAsync(RunOwner owner) =>
        House.Desk.SubmitAsync(
            new RunRequest(Study, "study.yaml", []) { Owner = owner },
            new CatalogueInputs(House.Datasets, House.Models)
        );
}

public sealed class When_the_store_is_cleaned : StudyTests
{
    [Fact]
    public async Task Only_what_nothing_leads_to_and_what_is_old_enough_goes()
    {
        var orphan = House.Artefacts.Store("left behind");
        await RunAsync();
        House.Artefacts.Now = DateTimeOffset.UnixEpoch.AddDays(2);
        var young = House.Artefacts.Store("just stored");

        var told = await House.Desk.CleanAsync(TimeSpan.FromDays(1), dryRun: true);
        Assert.Equal(new CleanResult(1, "left behind".Length), told);
        Assert.True(House.Artefacts.Has(orphan));

        Assert.Equal(told, await House.Desk.CleanAsync(TimeSpan.FromDays(1), dryRun: false));
        Assert.False(House.Artefacts.Has(orphan));
        Assert.True(House.Artefacts.Has(young));
        House.Restart();
        Assert.Equal(["report.0"], ComputedBy(await RunAsync()));
    }

    [Fact]
    public async Task Checkpoints_rows_predictions_and_given_files_are_kept()
    {
        var run = await RunAsync();
        string[] kept = [.. "checkpoint file statistics".Split(' ').Select(House.Artefacts.Store)];
        var predictions = House.Artefacts.Store("predictions");
        var rows = House.Artefacts.Store(Row(predictions));
        var tuned = House.Step(run, "tuned");
        var checkpoint = new StepCheckpoint(1, new Dictionary<string, string> { ["weights"] = kept[0] });
        await House.Steps.ReplaceAsync(
            tuned with
            {
                State = StepState.Running,
                Checkpoints = [checkpoint],
                Inputs = [.. tuned.Inputs, new StepInput("rows", File: new ArtefactRef(kept[1]))],
                Output = new StepOutput(Rows: new ArtefactRef(rows)),
            }
        );
        var dataset = House.Datasets.All.Single();
        await House.Datasets.ReplaceAsync(dataset with { Statistics = new ArtefactRef(kept[2]) });

        Assert.Equal(0, (await House.Desk.CleanAsync(TimeSpan.Zero, dryRun: false)).Artefacts);
        Assert.True(House.Artefacts.Has(predictions));
    }

    private static string Row(string predictions) =>
        System.Text.Json.JsonSerializer.Serialize(
            new[]
            {
                new ModelScores(
                    "m",
                    "none",
                    "d",
                    "test",
                    1,
                    "none",
                    1,
                    0,
                    1,
                    1,
                    [],
                    new Dictionary<string, MetricValue>(),
                    [],
                    [],
                    0,
                    new Dictionary<string, MetricValue>(),
                    predictions,
                    [],
                    new SplitRef("test", "sha256:test", new ArtefactRef("sha256:content"), 1, 1, [])
                ),
            },
            WireFormat.Options
        );
}
