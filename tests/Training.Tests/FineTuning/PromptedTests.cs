using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Prompting;

namespace TransferPipeline.Training.Tests.FineTuning;

public sealed class When_a_prompt_is_tuned : IDisposable
{
    private static readonly FineTuningSpec Few = new()
    {
        Strategy = "prompt",
        Template = "{text} It was {mask}.",
        LabelWords = new Dictionary<string, string> { ["negative"] = "terrible", ["positive"] = "great" },
        Updates = 30,
        Batch = 8,
        LearningRate = 1e-3,
        EvaluateEvery = 10,
        CheckpointEvery = 10,
    };

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void It_leaves_a_language_model_with_its_prompt_that_classifies()
    {
        var trained = Tune(Few);
        Assert.Equal(
            ["config.json", "model.safetensors", "prompt.json", "tokenizer_config.json", "vocab.txt"],
            trained.Files.Keys.Order(StringComparer.Ordinal)
        );
        using var classifier = Classifiers.Open(_bench.Open(trained), new ComputeOptions(1));
        Assert.Equal(["negative", "positive"], classifier.Labels);
        Assert.Equal(1, classifier.Predict([new("A great film.")]).Single().Sum(), 1e-5);

        var card = _bench.Card(trained);
        Assert.Equal(
            ("prompt", "dev", 48L, 24L, 30L),
            (card.Strategy, card.SelectedOn, card.LabelsTrain, card.LabelsDev, card.Updates)
        );
        Assert.InRange(card.Scores["accuracy"], 0, 1);
        Assert.DoesNotContain(card.Notes, note => note.StartsWith("Started new", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void It_learns_what_it_reads(int demonstrations)
    {
        var spec = Few with { Updates = 400, SelectOn = "none", Demonstrations = demonstrations };
        Assert.InRange(_bench.Card(Tune(spec)).Scores["trainingLoss"], 0, 0.15);
    }

    [Fact]
    public void Demonstrations_are_kept_with_it_and_change_what_is_learnt()
    {
        var plain = Tune(Few);
        var demonstrated = Tune(Few with { Demonstrations = 4 });

        Assert.NotEqual(plain.Files["model.safetensors"], demonstrated.Files["model.safetensors"]);
        Assert.Empty(PromptSettings.Open(_bench.Open(plain)).Examples);
        var settings = PromptSettings.Open(_bench.Open(demonstrated));
        Assert.Equal((4, 48, 13L), (settings.Demonstrations, settings.Examples.Count, settings.Seed));
        Assert.Equal(_bench.Texts(_bench.Reviews(), "train"), settings.Examples.Select(example => example.First));
    }

    [Fact]
    public void Stopped_and_resumed_it_leaves_the_same_bytes()
    {
        var spec = Few with { Demonstrations = 2, Dropout = 0.1 };
        var (model, dataset, checkpoints) = (_bench.SmallBert(), _bench.Reviews(), _bench.Checkpoints());
        var whole = _bench.FineTuning.Handle(_bench.Tuning(model, dataset, spec)).Model!;
        using (var stop = new CancellationTokenSource())
        {
            var progress = new Reports
            {
                AtReport = reports =>
                {
                    if (reports == 17)
                        stop.Cancel();
                },
            };
            var work = _bench.Tuning(model, dataset, spec, checkpoints, progress, stop.Token);
            Assert.Throws<OperationCanceledException>(() => _bench.FineTuning.Handle(work));
        }
        Assert.Equal(
            whole.Files,
            _bench.FineTuning.Handle(_bench.Tuning(model, dataset, spec, checkpoints)).Model!.Files
        );
    }

    [Fact]
    public void Blocks_that_stay_or_start_new_are_those_of_plain_fine_tuning()
    {
        var bert = _bench.SmallBert(blocks: 2);
        var card = _bench.Card(Tune(Few with { NewTopBlocks = 1, FrozenBlocks = 1 }, bert));
        Assert.Contains(
            card.Notes,
            note => note.StartsWith("Started new: bert.encoder.layer.1.", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_model_that_foretells_reads_its_own_template_where_it_has_one()
    {
        var words = new Dictionary<string, string> { ["negative"] = "not", ["positive"] = "all" };
        var spec = Few with
        {
            LabelWords = words,
            Template = "{mask}: {text}",
            CausalTemplate = "{text} was {mask}",
            MaxTokens = 40,
        };
        var trained = Tune(spec, _bench.Golden("gpt2-causal-lm"));

        Assert.Equal("{text} was {mask}", PromptSettings.Open(_bench.Open(trained)).Template);
        using var classifier = Classifiers.Open(_bench.Open(trained), new ComputeOptions(1));
        Assert.Equal(2, classifier.Predict([new("A film.")]).Single().Length);
        Assert.Contains(
            "Step tuned: template '{mask}: {text}' has a text after {mask}",
            Refused(spec with { CausalTemplate = null }, _bench.Golden("gpt2-causal-lm")).Message
        );
    }

    [Fact]
    public void Texts_that_were_cut_are_told_of()
    {
        var note = Assert.Single(
            _bench.Card(Tune(Few with { MaxTokens = 12 })).Notes,
            note => note.Contains("were cut")
        );
        Assert.EndsWith("of 48 training texts were cut so that their prompts fit into 12 tokens.", note);
    }

    [Fact]
    public void All_that_is_wrong_with_the_words_is_told_at_once()
    {
        var words = new Dictionary<string, string> { ["negative"] = "goodit", ["fair"] = "good" };
        Assert.Equal(
            [
                "Step tuned: labelWords: 'fair' is no label; expected words for negative, positive.",
                "Step tuned: labelWords: the label 'positive' has no word.",
                "Step tuned: labelWords: the word 'goodit' of label 'negative' is 2 tokens (good | it); expected one.",
            ],
            Refused(Few with { LabelWords = words }).Problems
        );
    }

    [Fact]
    public void A_model_of_another_head_is_refused()
    {
        var problem = Refused(Few, _bench.Golden("bert-sequence-classification"));
        Assert.Contains("is a BertForSequenceClassification; expected one that ends in ForMaskedLM", problem.Message);
    }

    [Fact]
    public void Numbers_cannot_be_said_by_words()
    {
        var numbers = _bench.Reviews(change: row => row with { Label = "1" }, dev: 0, task: TaskType.Regression);
        var problem = Assert.Throws<BadInputException>(() =>
            _bench.FineTuning.Handle(_bench.Tuning(_bench.SmallBert(), numbers, Few))
        );
        Assert.Contains("strategy prompt says labels of texts; dataset reviews is for Regression", problem.Message);
    }

    private ModelRef Tune(FineTuningSpec spec, ModelRef? model = null) =>
        _bench.FineTuning.Handle(_bench.Tuning(model ?? _bench.SmallBert(), _bench.Reviews(), spec)).Model!;

    private BadInputException Refused(FineTuningSpec spec, ModelRef? model = null) =>
        Assert.Throws<BadInputException>(() => Tune(spec, model));
}
