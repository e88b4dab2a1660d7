using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Tests.Runs;

public sealed class When_a_key_is_computed
{
    private static readonly ModelCard Card = new(
        "minilm",
        "none",
        13,
        "none",
        16,
        0,
        400,
        12.5,
        ["bad", "good"],
        [],
        new Dictionary<string, string> { ["threads"] = "2" },
        new Dictionary<string, double>(),
        []
    );

    private static readonly ModelRef Model = new(
        "sha256:m",
        new Dictionary<string, string>(),
        new("sha256:card"),
        Card.Provenance()
    );

    private static readonly DatasetRef Dataset = new(
        "sha256:d",
        "reviews",
        TaskType.Classification,
        ["bad", "good"],
        [Split("train"), Split("dev"), Split("test"), Split("unlabelled")],
        new ArtefactRef("sha256:hidden")
    );

    [Fact]
    public void It_is_the_same_for_the_same_step_in_another_run_and_cell()
    {
        var other = FineTune() with
        {
            Id = "other.tuned.7",
            Run = "other",
            Cell = new Dictionary<string, string> { ["seed"] = "13" },
            Attempts = 3,
            NoCache = true,
        };
        Assert.Equal(StepKeys.Compute(FineTune()), StepKeys.Compute(other));
    }

    [Fact]
    public void Test_rows_hidden_labels_and_unlabelled_text_enter_no_training_key()
    {
        var changed = Dataset with
        {
            Id = "sha256:other",
            Name = "other",
            Splits = [Split("train"), Split("dev"), Split("test", "changed"), Split("unlabelled", "changed")],
            HiddenLabels = new ArtefactRef("sha256:permuted"),
        };
        Assert.Equal(StepKeys.Compute(FineTune()), StepKeys.Compute(FineTune(dataset: changed)));
        Assert.Equal(StepKeys.Compute(Svm()), StepKeys.Compute(Svm(dataset: changed)));
    }

    [Theory]
    [InlineData("self-training")]
    [InlineData("ust")]
    [InlineData("consistency")]
    public void Unlabelled_text_enters_the_key_of_a_strategy_that_reads_it_and_hidden_labels_do_not(string strategy)
    {
        var spec = new FineTuningSpec { Strategy = strategy };
        var texts = Dataset with
        {
            Splits = [Split("train"), Split("dev"), Split("test"), Split("unlabelled", "other")],
        };
        var hidden = Dataset with { HiddenLabels = new ArtefactRef("sha256:permuted") };

        Assert.NotEqual(StepKeys.Compute(FineTune(spec)), StepKeys.Compute(FineTune(spec, texts)));
        Assert.Equal(StepKeys.Compute(FineTune(spec)), StepKeys.Compute(FineTune(spec, hidden)));
        Assert.NotEqual(StepKeys.Compute(FineTune(spec)), StepKeys.Compute(FineTune(spec with { Pool = 10 })));
    }

    [Fact]
    public void Unlabelled_text_enters_the_key_of_a_baseline_that_counts_its_terms()
    {
        var spec = new BaselineSpec { Algorithm = "linear-svm", Vocabulary = "train-and-unlabelled" };
        var texts = Dataset with
        {
            Splits = [Split("train"), Split("dev"), Split("test"), Split("unlabelled", "other")],
        };
        var hidden = Dataset with { HiddenLabels = new ArtefactRef("sha256:permuted") };

        Assert.NotEqual(StepKeys.Compute(Svm(spec)), StepKeys.Compute(Svm(spec, texts)));
        Assert.NotEqual(StepKeys.Compute(Svm(spec)), StepKeys.Compute(Svm()));
        Assert.Equal(StepKeys.Compute(Svm(spec)), StepKeys.Compute(Svm(spec, hidden)));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("frozen")]
    [InlineData("prompt")]
    [InlineData("contrastive")]
    public void What_only_other_strategies_read_enters_no_key(string strategy)
    {
        var spec = new FineTuningSpec { Strategy = strategy };
        var other = spec with { Passes = 8, Guard = false, Rounds = 2, Threshold = 0.5, Teacher = "tuned", Pool = 10 };

        Assert.Equal(StepKeys.Compute(FineTune(spec)), StepKeys.Compute(FineTune(other)));
    }

    [Fact]
    public void An_option_that_is_left_out_leaves_the_key_as_it_was_before_there_was_one()
    {
        var parameters = JsonSerializer.SerializeToNode(new FineTuningSpec(), WireFormat.Options)!.AsObject();
        string[] newer =
        [
            "generalised",
            "reverseCrossEntropy",
            "crossEntropy",
            "softBootstrap",
            "hardBootstrap",
            "logitAdjustment",
            "resample",
        ];

        Assert.All(newer, name => Assert.False(parameters.ContainsKey(name)));
        Assert.NotEqual(
            StepKeys.Compute(FineTune()),
            StepKeys.Compute(FineTune(new FineTuningSpec { Generalised = 0.7 }))
        );
        // The hash of the canonical JSON without any of them, computed beside this program.
        Assert.Equal(
            "sha256:3f3dff15d9d78a4e7f82d8ed0e7ed3f4f5495c29db10a186e66aa34704c9ce0c",
            StepKeys.Compute(FineTune())
        );
    }

    [Fact]
    public void Dev_rows_enter_the_key_of_what_selects_on_them_only()
    {
        var changed = Dataset with { Splits = [Split("train"), Split("dev", "changed"), Split("test")] };
        Assert.NotEqual(StepKeys.Compute(FineTune()), StepKeys.Compute(FineTune(dataset: changed)));
        Assert.Equal(StepKeys.Compute(Svm()), StepKeys.Compute(Svm(dataset: changed)));
    }

    [Fact]
    public void Train_rows_and_the_label_set_enter_it()
    {
        string[] keys =
        [
            StepKeys.Compute(Svm()),
            StepKeys.Compute(Svm(dataset: Dataset with { Splits = [Split("train", "changed")] })),
            StepKeys.Compute(Svm(dataset: Dataset with { Labels = ["good", "bad"] })),
            StepKeys.Compute(Svm(dataset: Dataset with { Task = TaskType.Regression })),
        ];
        Assert.Distinct(keys);
    }

    [Fact]
    public void Every_parameter_precision_and_device_enter_it()
    {
        string[] keys =
        [
            StepKeys.Compute(FineTune()),
            StepKeys.Compute(FineTune(new FineTuningSpec { Seed = 14 })),
            StepKeys.Compute(FineTune(new FineTuningSpec { Dropout = 0 })),
            StepKeys.Compute(FineTune(new FineTuningSpec { L2 = 1e-9 })),
            StepKeys.Compute(FineTune() with { Precision = "bf16" }),
            StepKeys.Compute(FineTune() with { Device = "cuda" }),
            StepKeys.Compute(FineTune(model: Model with { Id = "sha256:other" })),
        ];
        Assert.Distinct(keys);
    }

    [Fact]
    public void Options_that_are_not_given_leave_it_as_it_was_before_there_were_any()
    {
        var given = JsonSerializer.SerializeToNode(new FineTuningSpec(), WireFormat.Options)!.AsObject();

        Assert.All(
            new[]
            {
                "attentionDropout",
                "classifierDropout",
                "mixout",
                "averagedWeights",
                "strict",
                "patienceThreshold",
            },
            option => Assert.DoesNotContain(option, given.Select(parameter => parameter.Key))
        );
        Assert.NotEqual(StepKeys.Compute(FineTune()), StepKeys.Compute(FineTune(new FineTuningSpec { Mixout = 0.5 })));
    }

    [Fact]
    public void What_changes_no_result_does_not_enter_it()
    {
        Assert.Equal(
            StepKeys.Compute(FineTune()),
            StepKeys.Compute(FineTune(new FineTuningSpec { CheckpointEvery = 7 }))
        );
    }

    [Fact]
    public void The_seed_of_a_baseline_enters_it_only_where_it_draws()
    {
        string Key(string algorithm, long seed) =>
            StepKeys.Compute(Svm(new BaselineSpec { Algorithm = algorithm, Seed = seed }));

        Assert.Equal(Key("linear-svm", 13), Key("linear-svm", 21));
        Assert.NotEqual(Key("random-forest", 13), Key("random-forest", 21));
    }

    [Fact]
    public void A_model_trained_again_has_the_same_key_although_it_took_another_time()
    {
        var again = Card with
        {
            Seconds = 99,
            PeakMemory = 1_000_000,
            Environment = new Dictionary<string, string> { ["threads"] = "64" },
        };
        var other = Card with { LabelsTrain = 17 };

        Assert.Equal(Card.Provenance(), again.Provenance());
        Assert.NotEqual(
            StepKeys.Compute(FineTune()),
            StepKeys.Compute(FineTune(model: Model with { Provenance = other.Provenance() }))
        );
    }

    [Fact]
    public void What_a_prompt_needs_enters_it_only_where_there_is_one()
    {
        var prompt = new FineTuningSpec
        {
            Template = "{text} {mask}",
            CausalTemplate = "{text} {mask}",
            LabelWords = new Dictionary<string, string> { ["bad"] = "terrible", ["good"] = "great" },
            Demonstrations = 16,
        };
        Assert.Equal(StepKeys.Compute(FineTune()), StepKeys.Compute(FineTune(prompt)));

        var used = prompt with { Strategy = "prompt" };
        Assert.Distinct([
            StepKeys.Compute(FineTune(used)),
            StepKeys.Compute(FineTune(used with { Template = "{text} is {mask}" })),
            StepKeys.Compute(FineTune(used with { CausalTemplate = null })),
            StepKeys.Compute(FineTune(used with { LabelWords = new Dictionary<string, string> { ["bad"] = "great" } })),
            StepKeys.Compute(FineTune(used with { Demonstrations = 0 })),
        ]);
    }

    [Fact]
    public void A_selection_depends_on_its_candidates_and_dev_and_not_on_how_they_were_gathered()
    {
        string Key(SelectionSpec? spec = null, DatasetRef? dataset = null, params ModelRef[] models) =>
            StepKeys.Compute(
                Step(
                    "select",
                    spec ?? new SelectionSpec(),
                    [
                        .. models.Select((model, index) => new StepInput($"candidates.{index}", Model: model)),
                        new("dataset", Dataset: dataset ?? Dataset),
                    ]
                )
            );

        var other = Model with { Id = "sha256:other" };
        var key = Key(null, null, Model, other);
        Assert.Equal(key, Key(new() { Over = ["batch"] }, null, Model, other));
        Assert.Equal(key, Key(null, Dataset with { Splits = [Split("dev"), Split("test", "changed")] }, Model, other));
        Assert.Distinct([
            key,
            Key(null, null, other, Model),
            Key(null, null, Model),
            Key(new() { Metric = "macroF1" }, null, Model, other),
            Key(null, Dataset with { Splits = [Split("dev", "changed")] }, Model, other),
        ]);
    }

    [Fact]
    public void How_a_store_writes_numbers_does_not_matter()
    {
        var parameters = (JsonObject)
            JsonNode.Parse(
                """{"seed":13.0,"c":1.0,"features":"tf-idf","trees":200,"algorithm":"linear-svm","maxTokens":128}"""
            )!;
        parameters["seed"] = 13;
        var written = Svm() with { Parameters = parameters };
        Assert.Equal(StepKeys.Compute(Svm()), StepKeys.Compute(written));
    }

    private static SplitRef Split(string name, string content = "") =>
        new(name, "sha256:" + name + content, new ArtefactRef("sha256:content"), 10, 10, []);

    private static StepDocument FineTune(
        FineTuningSpec? spec = null,
        DatasetRef? dataset = null,
        ModelRef? model = null
    ) =>
        Step(
            "fine-tune",
            spec ?? new FineTuningSpec(),
            [new("model", Model: model ?? Model), new("dataset", Dataset: dataset ?? Dataset)]
        );

    private static StepDocument Svm(BaselineSpec? spec = null, DatasetRef? dataset = null) =>
        Step(
            "baseline",
            spec ?? new BaselineSpec { Algorithm = "linear-svm" },
            [new("dataset", Dataset: dataset ?? Dataset)]
        );

    private static StepDocument Step(string uses, object spec, IReadOnlyList<StepInput> inputs) =>
        new()
        {
            Id = "run.step.0",
            Run = "run",
            Name = "step",
            Cell = new Dictionary<string, string>(),
            Uses = uses,
            Parameters = JsonSerializer.SerializeToNode(spec, WireFormat.Options)!.AsObject(),
            Inputs = inputs,
            Needs = [],
        };
}
