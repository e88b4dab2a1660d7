using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Reports;
using TransferPipeline.Evaluation.Selecting;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Tests.Selecting;

public sealed class When_a_model_is_selected : IDisposable
{
    private static readonly string[] Dev = ["a|yes", "b|no", "c|yes", "d|no"];

    private readonly StudyBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_best_on_dev_is_taken_and_its_files_are_left_as_they_are()
    {
        // Right of four: 2, 4, 3.
        var models = await Models([], ["a", "c"], ["a"]);

        var (output, selection) = Select(await Reviews(), models);

        Assert.Equal((models[1].Id, models[1].Files), (output.Model!.Id, output.Model.Files));
        Assert.Equal(1, selection.Chosen);
        Assert.Equal([0.5, 1, 0.75], selection.Candidates.Select(candidate => candidate.Score));
        Assert.Equal(models.Select(model => model.Id), selection.Candidates.Select(candidate => candidate.Model));
    }

    [Fact]
    public async Task Of_equals_the_earlier_one_is_taken()
    {
        var models = await Models([], ["a"], ["c"]);

        Assert.Equal(1, Select(await Reviews(), models).Selection.Chosen);
        Assert.Equal(1, Select(await Reviews(), [models[0], models[2], models[1]]).Selection.Chosen);
    }

    [Fact]
    public async Task The_less_of_a_loss_the_better()
    {
        var sure = await _bench.Model(Sure(0.9f, 0.1f));
        var unsure = await _bench.Model(Sure(0.6f, 0.4f));

        var (_, selection) = Select(await Reviews(), [unsure, sure], "logLoss");

        Assert.Equal(1, selection.Chosen);
        Assert.Equal(-Math.Log(0.6f), selection.Candidates[0].Score, 1e-6);

        static Dictionary<string, float> Sure(float yes, float no) =>
            new()
            {
                ["a"] = yes,
                ["b"] = no,
                ["c"] = yes,
                ["d"] = no,
            };
    }

    [Fact]
    public async Task Rows_of_test_change_nothing()
    {
        var models = await Models([], ["a", "c"], ["a"]);
        var dev = await _bench.Split("dev", Dev);
        var one = StudyBench.Dataset("small", dev, await _bench.Split("test", ["a|yes"]));
        var other = StudyBench.Dataset("small", dev, await _bench.Split("test", ["a|no", "c|no"]));
        File.Delete(await _bench.Artefacts.GetFileAsync(other.Find("test")!.Content));

        var first = Select(one, models).Output;
        var second = Select(other, models).Output;

        Assert.Equal(first.Model!.Card, second.Model!.Card);
        Assert.Equal(first.Files, second.Files);
    }

    [Fact]
    public async Task The_card_says_what_chose_and_the_split_cannot_score_it_any_more()
    {
        var dataset = await Reviews();
        var output = Select(dataset, await Models(["a"], ["a", "c"])).Output;

        var card = JsonSerializer.Deserialize<ModelCard>(_bench.Text(output.Model!.Card.Hash), WireFormat.Options)!;
        Assert.Equal(("dev", 16L), (card.SelectedOn, card.LabelsDev));
        Assert.Equal(("accuracy", 2), (card.Selection!.Metric, card.Selection.Candidates.Count));
        Assert.Equal(card.Provenance(), output.Model.Provenance);
        Assert.Equal(("selection", dataset.Find("dev")!.Id), (card.Ancestry[^1].Purpose, card.Ancestry[^1].Split.Id));
        Refused(
            "was selected on split 'dev' of small",
            () => _bench.Evaluate("dev", new("dataset", Dataset: dataset), new("models.0", Model: output.Model))
        );
    }

    [Fact]
    public async Task Labels_of_dev_are_counted_where_no_training_had_read_them()
    {
        var baseline = await _bench.Model([], StudyBench.Card() with { LabelsDev = 0 });
        var output = Select(await Reviews(), [baseline]).Output;
        var card = JsonSerializer.Deserialize<ModelCard>(_bench.Text(output.Model!.Card.Hash), WireFormat.Options)!;
        Assert.Equal(4, card.LabelsDev);
    }

    [Fact]
    public async Task A_metric_of_another_task_is_refused()
    {
        var models = await Models(["a"]);
        var dataset = await Reviews();
        Refused("metric pearson is not defined for model candidates.0", () => Select(dataset, models, "pearson"));
    }

    [Fact]
    public async Task A_dataset_without_dev_is_refused()
    {
        var models = await Models(["a"]);
        var dataset = StudyBench.Dataset("small", await _bench.Split("test", Dev));
        Refused("dataset small has no split 'dev'; it has test.", () => Select(dataset, models));
    }

    [Fact]
    public async Task The_report_names_what_was_chosen_and_what_was_not()
    {
        var dev = await _bench.Split("dev", Dev);
        var dataset = StudyBench.Dataset("small", dev, await _bench.Split("test", ["e|yes", "f|no"]));
        var models = await Models(["a"], ["a", "c"]);
        var makers = new List<StepDocument>();
        foreach (var (index, batch) in new[] { "2", "4" }.Index())
            makers.Add(
                await Done(
                    "tuned",
                    StepKinds.FineTune,
                    new FineTuningSpec(),
                    new() { ["batch"] = batch, ["seed"] = "13" },
                    new StepOutput(Model: models[index])
                )
            );
        StepInput[] inputs =
        [
            .. makers.Select(
                (maker, index) => new StepInput($"candidates.{index}", new StepId(maker.Id), Model: models[index])
            ),
            new("dataset", Dataset: dataset),
        ];
        var best = await Done(
            "best",
            StepKinds.Select,
            new SelectionSpec { Over = ["batch"] },
            new() { ["seed"] = "13" },
            Select(dataset, models).Output,
            inputs
        );
        StepInput[] scored =
        [
            new("models.0", new StepId(best.Id), Model: best.Output!.Model),
            new("dataset", Dataset: dataset),
        ];
        await Done(
            "scores",
            StepKinds.Evaluate,
            new EvaluationSpec(),
            new() { ["seed"] = "13" },
            _bench.Evaluate("test", scored),
            scored
        );

        var files = await Report();
        var report = JsonNode.Parse(_bench.Text(files["report.json"]))!;

        var row = report["rows"]![0]!;
        Assert.Equal(("best", "13"), (row["step"]!.GetValue<string>(), $"{row["seed"]}"));
        Assert.Equal("""{"step":"tuned","settings":{"batch":"4"},"score":1}""", row["selected"]!.ToJsonString());
        var lineage = report["lineage"]!.AsArray().Single(step => step!["kind"]!.GetValue<string>() == "select")!;
        Assert.Equal(1, (int)lineage["chosen"]!);
        Assert.Equal([0.75, 1], lineage["candidates"]!.AsArray().Select(one => (double)one!["score"]!));
        Assert.Contains(
            "| best | seed 13 | tuned, batch 4 | accuracy on dev | 100.0 % | 2 | 75.0 % |",
            _bench.Text(files["report.md"])
        );
        Assert.Contains("tuned, batch 4", _bench.Text(files["report.html"]));
    }

    private readonly List<string> _order = [];

    private async Task<StepDocument> Done(
        string name,
        StepKind kind,
        object spec,
        Dictionary<string, string> cell,
        StepOutput output,
        params StepInput[] inputs
    )
    {
        var step = StudyBench.Step(name, kind, spec, inputs) with
        {
            Id = $"r1.{name}.{_order.Count}",
            Cell = cell,
            State = StepState.Completed,
            Output = output,
        };
        await _bench.Steps.InsertAsync(step);
        _order.Add(step.Id);
        return step;
    }

    private async Task<IReadOnlyDictionary<string, string>> Report()
    {
        var report = StudyBench.Step("report", StepKinds.Report, new ReportSpec());
        await _bench.Runs.InsertAsync(
            new RunDocument
            {
                Id = "r1",
                Scenario = "s",
                Source = "",
                Report = new ReportSpec(),
                Steps = [.. _order, report.Id],
                Submitted = DateTimeOffset.UnixEpoch,
            }
        );
        return new ReportHandler(_bench.Runs, _bench.Steps).Handle(_bench.Work(report)).Files!;
    }

    private async Task<DatasetRef> Reviews() => StudyBench.Dataset("small", await _bench.Split("dev", Dev));

    /// <summary>Models that say yes to these texts and no to all others.</summary>
    private async Task<ModelRef[]> Models(params string[][] yes)
    {
        var models = new List<ModelRef>();
        foreach (var texts in yes)
            models.Add(await _bench.Model(texts.ToDictionary(text => text, _ => 0.9f)));
        return [.. models];
    }

    private (StepOutput Output, ModelSelection Selection) Select(
        DatasetRef dataset,
        ModelRef[] models,
        string metric = "accuracy"
    )
    {
        StepInput[] inputs =
        [
            .. models.Select((model, index) => new StepInput($"candidates.{index}", Model: model)),
            new("dataset", Dataset: dataset),
        ];
        var step = StudyBench.Step("best", StepKinds.Select, new SelectionSpec { Metric = metric }, inputs);
        var output = new SelectionHandler(new AnsweringOpener(), TimeProvider.System).Handle(_bench.Work(step));
        var selection = _bench.Text(output.Files![SelectionHandler.SelectionFile]);
        return (output, JsonSerializer.Deserialize<ModelSelection>(selection, WireFormat.Options)!);
    }

    private static void Refused(string message, Action work) =>
        Assert.Contains(message, Assert.Throws<BadInputException>(work).Message);
}
