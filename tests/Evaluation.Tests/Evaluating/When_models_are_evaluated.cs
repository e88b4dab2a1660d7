using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Evaluating;

namespace TransferPipeline.Evaluation.Tests.Evaluating;

public sealed class When_models_are_evaluated : IDisposable
{
    private readonly StudyBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_figures_are_those_of_the_predictions()
    {
        var dataset = StudyBench.Dataset("small", await _bench.Split("test", ["a|yes", "b|yes", "c|no", "d|no"]));
        var model = await _bench.Model(new() { ["a"] = 0.9f, ["c"] = 0.7f });

        var scores = Assert.Single(_bench.Scores(_bench.Evaluate("test", Given(dataset), Scored(model))));

        Assert.Equal(4, scores.N);
        Assert.Equal(0.5, scores.Metrics["accuracy"].Value);
        Assert.Equal(
            [
                [1, 1],
                [1, 1],
            ],
            scores.Confusion
        );
        Assert.Equal(["no", "yes"], scores.Labels);
        // Scores of yes: a 0.9 (yes), c 0.7 (no), b and d 0.2 (one yes): 1/1 · ½ + 2/4 · ½.
        Assert.Equal(0.75, scores.Metrics["averagePrecision"].Value, 1e-9);
        Assert.InRange(scores.Metrics["accuracy"].Low!.Value, 0, 0.5);
        Assert.InRange(scores.Metrics["accuracy"].High!.Value, 0.5, 1);
        Assert.Equal(("minilm", "small", "test", 400L), (scores.Model, scores.Dataset, scores.Split, scores.Updates));
        Assert.Equal(scores.Metrics, scores.MetricsUnseen);
    }

    [Fact]
    public async Task The_predictions_are_kept_one_line_per_example_with_numbers_that_read_back()
    {
        var dataset = StudyBench.Dataset("small", await _bench.Split("test", ["a|yes", "b|no"]));
        var model = await _bench.Model(new() { ["a"] = 0.1f + 0.7f });

        var output = _bench.Evaluate("test", Given(dataset), Scored(model));

        var hash = output.Files!["predictions-0.jsonl"];
        Assert.Equal(_bench.Scores(output)[0].Predictions, hash);
        var lines = _bench.Text(hash).TrimEnd('\n').Split('\n');
        Assert.Equal("""{"id":"test-1","label":"no","probabilities":{"no":0.8,"yes":0.2}}""", lines[1]);
        var read = Predictions.Read(await _bench.Artefacts.GetFileAsync(new ArtefactRef(hash))).First();
        Assert.Equal(0.1f + 0.7f, read.Probabilities!["yes"]);
    }

    [Fact]
    public async Task A_transformer_that_says_one_label_of_all_rows_is_noted_to_have_collapsed()
    {
        var dataset = StudyBench.Dataset("small", await _bench.Split("test", ["a|yes", "b|no"]));
        var one = await _bench.Model(new() { ["a"] = 0.4f }, transformer: true);
        var both = await _bench.Model(new() { ["a"] = 0.9f }, transformer: true);
        var baseline = await _bench.Model(new() { ["a"] = 0.4f });

        Assert.Equal(["Collapsed: every text is predicted no."], Notes(one));
        Assert.Empty(Notes(both));
        Assert.Empty(Notes(baseline));

        IReadOnlyList<string> Notes(ModelRef model) =>
            Assert.Single(_bench.Scores(_bench.Evaluate("test", Given(dataset), Scored(model)))).Notes;
    }

    [Fact]
    public async Task Texts_that_are_not_read_to_their_ends_are_counted_or_refused_by_their_row()
    {
        var dataset = StudyBench.Dataset("small", await _bench.Split("test", ["a|yes", "long b|no", "long c|no"]));
        var model = await _bench.Model(new() { ["a"] = 0.9f });

        var scores = Assert.Single(_bench.Scores(_bench.Evaluate("test", Given(dataset), Scored(model))));
        Assert.Contains(
            scores.Notes,
            note => note.StartsWith("2 of 3 scored texts are longer than what the model reads")
        );

        var strict = new EvaluationSpec { Resamples = 200, Strict = true };
        var refused = Assert.Throws<BadInputException>(() => Strictly(dataset));
        Assert.Contains(
            "3 tokens of example test-1 of small stand beyond what model m reads; expected none, as 'strict' is true",
            refused.Message
        );
        Strictly(StudyBench.Dataset("short", await _bench.Split("test", ["a|yes", "b|no"])));

        void Strictly(DatasetRef scored) =>
            new EvaluationHandler(_bench.Steps, new AnsweringOpener(), TimeProvider.System).Handle(
                _bench.Work(
                    StudyBench.Step(
                        "scores",
                        StepKinds.Evaluate,
                        strict,
                        Given(scored),
                        Scored(model) with
                        {
                            GivenAs = "m",
                        }
                    )
                )
            );
    }

    [Fact]
    public async Task The_true_labels_change_no_byte_of_the_predictions()
    {
        var one = StudyBench.Dataset("one", await _bench.Split("test", ["a|yes", "b|no", "c|no"]));
        var other = StudyBench.Dataset("other", await _bench.Split("test", ["a|no", "b|yes", "c|yes"]));
        var model = await _bench.Model(new() { ["a"] = 0.9f });

        var first = _bench.Evaluate("test", Given(one), Scored(model));
        var second = _bench.Evaluate("test", Given(other), Scored(model));

        Assert.Equal(first.Files, second.Files);
        Assert.NotEqual(_bench.Scores(first)[0].Metrics["accuracy"], _bench.Scores(second)[0].Metrics["accuracy"]);
    }

    [Fact]
    public async Task The_order_of_the_rows_changes_no_figure()
    {
        var forwards = StudyBench.Dataset("small", await _bench.Split("test", ["a|yes", "b|no", "c|yes"]));
        var backwards = StudyBench.Dataset("small", await _bench.Split("test", ["c|yes", "b|no", "a|yes"]));
        var model = await _bench.Model(new() { ["a"] = 0.9f });

        Assert.Equal(Values(forwards), Values(backwards));

        Dictionary<string, double> Values(DatasetRef dataset) =>
            _bench
                .Scores(_bench.Evaluate("test", Given(dataset), Scored(model)))[0]
                .Metrics.ToDictionary(metric => metric.Key, metric => Math.Round(metric.Value.Value, 12));
    }

    [Fact]
    public async Task The_same_work_gives_the_same_bytes()
    {
        var dataset = StudyBench.Dataset("small", await _bench.Split("test", ["a|yes", "b|no", "c|no"]));
        var model = await _bench.Model(new() { ["a"] = 0.9f });
        Assert.Equal(
            _bench.Evaluate("test", Given(dataset), Scored(model)).Rows,
            _bench.Evaluate("test", Given(dataset), Scored(model)).Rows
        );
    }

    [Fact]
    public async Task The_dataset_is_found_through_the_steps_that_made_the_models()
    {
        var test = await _bench.Split("test", ["a|yes", "b|no"]);
        var full = StudyBench.Dataset("full", await _bench.Split("train", ["x|yes"]), test);
        var few = StudyBench.Dataset("few", await _bench.Split("train", ["y|no"]), test);
        var first = await Trained("tuned", full);
        var second = await Trained("svm", few);

        var scores = _bench.Scores(_bench.Evaluate("test", first, second with { Name = "models.1" }));

        Assert.Equal([2, 2], scores.Select(score => score.N));
        Assert.All(scores, score => Assert.Equal(test.Id, score.Scored.Id));
    }

    [Fact]
    public async Task Models_from_datasets_with_other_test_splits_are_refused()
    {
        var one = StudyBench.Dataset("one", await _bench.Split("test", ["a|yes"]));
        var other = StudyBench.Dataset("other", await _bench.Split("test", ["b|yes"]));
        var first = await Trained("tuned", one);
        var second = await Trained("svm", other);

        Refused("the models come from datasets whose 'test' splits differ (one, other)", "test", first, second);
    }

    [Fact]
    public async Task A_model_given_with_the_run_needs_a_dataset() =>
        Refused(
            "model mine was not trained from a dataset in this run; expected 'dataset' in 'with:'",
            "test",
            Scored(await _bench.Model([])) with
            {
                GivenAs = "mine",
            }
        );

    [Fact]
    public async Task A_missing_split_is_refused() =>
        Refused(
            "dataset small has no split 'dev'; it has test.",
            "dev",
            Given(StudyBench.Dataset("small", await _bench.Split("test", ["a|yes"]))),
            Scored(await _bench.Model([]))
        );

    [Fact]
    public async Task A_split_without_labels_is_refused() =>
        Refused(
            "no example of split 'test' of dataset small has a label",
            "test",
            Given(StudyBench.Dataset("small", await _bench.Split("test", ["a", "b"]))),
            Scored(await _bench.Model([]))
        );

    [Fact]
    public async Task Labels_that_the_model_does_not_give_are_refused() =>
        Refused(
            "example test-1: label 'maybe' (2 examples) is not one that model mine gives; expected one of no, yes ('transfer ingest … --labels maybe=NAME' names",
            "test",
            Given(StudyBench.Dataset("small", await _bench.Split("test", ["a|yes", "b|maybe", "c|maybe"]))),
            Scored(await _bench.Model([])) with
            {
                GivenAs = "mine",
            }
        );

    [Fact]
    public async Task Examples_without_a_label_are_predicted_and_not_scored()
    {
        var dataset = StudyBench.Dataset("small", await _bench.Split("test", ["a|yes", "b", "c|no"]));
        var output = _bench.Evaluate("test", Given(dataset), Scored(await _bench.Model(new() { ["a"] = 0.9f })));
        Assert.Equal(2, _bench.Scores(output)[0].N);
        Assert.Equal(3, _bench.Text(output.Files!["predictions-0.jsonl"]).TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task Predicted_numbers_are_scored_by_correlation()
    {
        var test = await _bench.Split("test", ["a|1", "b|2", "c|3.5"]);
        var dataset = DatasetIdentity.Dataset("stsb", TaskType.Regression, [], [test]);
        var model = await _bench.Model(
            new()
            {
                ["a"] = 1,
                ["b"] = 3,
                ["c"] = 2,
            },
            StudyBench.Card() with
            {
                Labels = [],
            }
        );

        var output = _bench.Evaluate("test", Given(dataset), Scored(model));

        var scores = _bench.Scores(output)[0];
        Assert.Equal(0.5, scores.Metrics["spearman"].Value, 1e-12);
        Assert.Equal((0 + 1 + 1.5) / 3, scores.Metrics["mae"].Value, 1e-12);
        Assert.Empty(scores.Confusion);
        Assert.StartsWith("""{"id":"test-0","value":1}""", _bench.Text(output.Files!["predictions-0.jsonl"]));
    }

    [Fact]
    public async Task A_model_that_gives_numbers_is_refused_where_labels_are_true() =>
        Refused(
            "model mine gives numbers; dataset small has Classification, expected a model that gives labels.",
            "test",
            Given(StudyBench.Dataset("small", await _bench.Split("test", ["a|yes"]))),
            Scored(await _bench.Model([], StudyBench.Card() with { Labels = [] })) with
            {
                GivenAs = "mine",
            }
        );

    private async Task<StepInput> Trained(string name, DatasetRef dataset)
    {
        var input = new StepInput("dataset", Dataset: dataset);
        await _bench.Steps.InsertAsync(StudyBench.Step(name, StepKinds.FineTune, new FineTuningSpec(), input));
        return new StepInput("models.0", new StepId($"r1.{name}"), Model: await _bench.Model([]));
    }

    private static StepInput Given(DatasetRef dataset) => new("dataset", GivenAs: dataset.Name, Dataset: dataset);

    private static StepInput Scored(ModelRef model) => new("models.0", Model: model);

    private void Refused(string message, string split, params StepInput[] inputs) =>
        Assert.Contains(message, Assert.Throws<BadInputException>(() => _bench.Evaluate(split, inputs)).Message);
}
