using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Models;
using TransferPipeline.TestKit;

namespace TransferPipeline.Training.Tests.Distilling;

public sealed class When_a_distillation_order_arrives : IDisposable
{
    private const string Weights = "model.safetensors";
    private static readonly DistillationSpec Few = new()
    {
        Updates = 12,
        Batch = 8,
        LearningRate = 1e-3,
        CheckpointEvery = 4,
    };

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_BERT_teaches_a_DistilBERT_made_of_half_its_blocks()
    {
        var student = Distil(Few);

        var folder = _bench.Open(student);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;
        Assert.Equal("distilbert", (string)config["model_type"]!);
        Assert.Equal(2, (int)config["n_layers"]!);
        using (var model = MaskedLanguageModel.Open(folder, ModelSettings.Evaluation))
            Assert.Empty(model.NewWeights);
        var card = _bench.Card(student);
        Assert.Equal(("distil", 12L), (card.Strategy, card.Updates));
        Assert.Contains("A student made of blocks of small-bert.", card.Notes);
        Assert.Equal(Math.Exp(card.Scores["maskedLoss"]), card.Scores["perplexity"], 1e-9);
    }

    [Fact]
    public void The_student_comes_to_say_what_its_teacher_says()
    {
        StepInput[] inputs = [new("model", Model: _bench.SmallBert()), new("dataset", Dataset: _bench.Reviews())];
        var learnt = new PretrainingSpec
        {
            Updates = 150,
            Batch = 8,
            LearningRate = 3e-3,
        };
        var teacher = _bench.Pretraining.Handle(_bench.Work(StepKinds.Pretrain, learnt, inputs)).Model!;
        var spec = Few with { HardWeight = 0, CosineWeight = 0, LearningRate = 3e-3 };

        var before = Loss(1);
        var after = Loss(150);

        Assert.InRange(after, 0, before / 2);

        double Loss(int updates) =>
            _bench.Card(Distil(spec with { Updates = updates }, null, teacher, _bench.SmallBert(seed: 8))).Scores[
                "trainingLoss"
            ];
    }

    [Fact]
    public void A_classifier_teaches_on_texts_without_labels()
    {
        var dataset = _bench.Reviews(unlabelled: 40);
        var teacher = _bench
            .FineTuning.Handle(
                _bench.Tuning(
                    _bench.SmallBert(),
                    dataset,
                    new()
                    {
                        Updates = 60,
                        LearningRate = 2e-3,
                        SelectOn = "none",
                    }
                )
            )
            .Model!;
        var spec = Few with { Objective = "classification", Updates = 120, HardWeight = 0, LearningRate = 2e-3 };

        var student = Distil(spec, dataset, teacher, _bench.SmallBert(seed: 8));

        ModelText[] texts = [.. _bench.Texts(dataset, "unlabelled").Select(text => new ModelText(text))];
        using var theirs = Classifiers.Open(_bench.Open(teacher));
        using var own = Classifiers.Open(_bench.Open(student));
        var agree = theirs
            .Predict(texts, default)
            .Zip(own.Predict(texts, default))
            .Count(pair => pair.First[0] > pair.First[1] == pair.Second[0] > pair.Second[1]);
        Assert.InRange(agree, 36, 40);
        var card = _bench.Card(student);
        Assert.Equal(48, card.LabelsTrain); // its teacher's
        Assert.Equal(["train", "train", "unlabelled"], card.Ancestry.Select(use => use.Split.Name));
    }

    [Fact]
    public void Stopped_and_resumed_it_leaves_the_same_bytes()
    {
        var dataset = _bench.Reviews();
        var checkpoints = _bench.Checkpoints();
        using var stop = new CancellationTokenSource();
        var progress = new Reports
        {
            AtReport = reports =>
            {
                if (reports == 6)
                    stop.Cancel();
            },
        };
        StepInput[] inputs = [new("teacher", Model: _bench.SmallBert(blocks: 4)), new("dataset", Dataset: dataset)];

        var stopped = _bench.Work(StepKinds.Distil, Few, inputs, checkpoints, progress, stop.Token);
        Assert.Throws<OperationCanceledException>(() => _bench.Distilling.Handle(stopped));
        var resumed = _bench.Distilling.Handle(_bench.Work(StepKinds.Distil, Few, inputs, checkpoints)).Model!;

        Assert.Equal(Distil(Few, dataset).Files, resumed.Files);
    }

    [Theory]
    [InlineData("blocks")]
    [InlineData("temperature")]
    [InlineData("soft")]
    [InlineData("hard")]
    [InlineData("cosine")]
    [InlineData("updates")]
    [InlineData("batch")]
    [InlineData("rate")]
    [InlineData("warm-up")]
    [InlineData("decay")]
    [InlineData("tokens")]
    [InlineData("masks")]
    [InlineData("held-out")]
    [InlineData("seed")]
    public void Every_option_changes_the_weights(string option)
    {
        var changed = option switch
        {
            "blocks" => Few with { Blocks = 3 },
            "temperature" => Few with { Temperature = 4 },
            "soft" => Few with { SoftWeight = 1 },
            "hard" => Few with { HardWeight = 0 },
            "cosine" => Few with { CosineWeight = 0 },
            "updates" => Few with { Updates = 13 },
            "batch" => Few with { Batch = 9 },
            "rate" => Few with { LearningRate = 2e-3 },
            "warm-up" => Few with { WarmUp = 0.5 },
            "decay" => Few with { WeightDecay = 0.5 },
            "tokens" => Few with { MaxTokens = 6 },
            "masks" => Few with { MaskRate = 0.3 },
            "held-out" => Few with { HeldOut = 0.3 },
            _ => Few with { Seed = 14 },
        };

        Assert.NotEqual(Distil(Few).Files[Weights], Distil(changed).Files[Weights]);
    }

    [Fact]
    public void What_does_not_suit_is_refused()
    {
        Assert.Contains("expected a student of 1 to 4", Refusal(Few with { Blocks = 5 }));
        Assert.Contains("not both", Refusal(Few with { Blocks = 1 }, student: _bench.SmallBert()));
        Assert.Contains("different vocabularies", Refusal(Few, student: _bench.Golden("bert-masked-lm")));
        Assert.Contains("has learnt no masked tokens", Refusal(Few, _bench.Golden("bert-sequence-classification")));
        Assert.Contains(
            "expected the labels of reviews: negative, positive",
            Refusal(Few with { Objective = "classification" }, _bench.Golden("bert-sequence-classification"))
        );
    }

    [Fact]
    public void Vocabularies_are_compared_whatever_files_hold_them()
    {
        var small = _bench.SmallBert(blocks: 2);

        Assert.NotNull(Distil(Few, null, InOneFile(small), small));
        Assert.Contains(
            "different vocabularies",
            Refusal(Few, InOneFile(small), InOneFile(_bench.Golden("bert-masked-lm")))
        );
    }

    /// <summary>The same model with <c>tokenizer.json</c> in place of its vocabulary.</summary>
    private ModelRef InOneFile(ModelRef model)
    {
        var folder = _bench.Open(model);
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(folder))
            if (Path.GetFileName(file) != "vocab.txt")
                File.Copy(file, copy[Path.GetFileName(file)]);
        copy.Write("tokenizer.json", TokenizerDocuments.Of(folder).ToJsonString());
        return _bench.Store(copy.Path);
    }

    private string Refusal(DistillationSpec spec, ModelRef? teacher = null, ModelRef? student = null) =>
        Assert.Throws<BadInputException>(() => Distil(spec, null, teacher, student)).Message;

    private ModelRef Distil(
        DistillationSpec spec,
        DatasetRef? dataset = null,
        ModelRef? teacher = null,
        ModelRef? student = null
    )
    {
        var inputs = new List<StepInput>
        {
            new("teacher", Model: teacher ?? _bench.SmallBert(blocks: 4)),
            new("dataset", Dataset: dataset ?? _bench.Reviews()),
        };
        if (student is not null)
            inputs.Add(new("student", Model: student));
        return _bench.Distilling.Handle(_bench.Work(StepKinds.Distil, spec, inputs)).Model!;
    }
}
