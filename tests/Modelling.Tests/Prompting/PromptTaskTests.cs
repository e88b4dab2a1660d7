using TorchSharp;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Prompting;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Prompting;

public sealed class When_a_language_model_says_labels_by_words
{
    public static TheoryData<string> Masked => Golden.Heads("masked-lm");
    public static TheoryData<string> Causal => Golden.Heads("causal-lm");

    [Theory]
    [MemberData(nameof(Masked))]
    [MemberData(nameof(Causal))]
    public void Its_logits_are_those_that_Transformers_gives_these_words_at_that_place(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(folder);
        using var model = PromptModel.Open(folder, ModelSettings.Evaluation);
        model.Model.eval();
        int[] places = [3, 0, 2, 4];
        int[] words = [700, 17, 255];

        var logits = model.Logits(golden.Batch(0), places, words);

        Assert.Equal([4, 3], logits.shape);
        for (var row = 0; row < 4; row++)
        for (var word = 0; word < 3; word++)
            Assert.Equal(
                golden["logits"][row, places[row], words[word]].item<float>(),
                logits[row, word].item<float>(),
                1e-4
            );
    }

    [Fact]
    public void Its_loss_is_the_cross_entropy_over_the_words_alone()
    {
        using var scope = NewDisposeScope();
        using var small = new SmallPrompt();

        // By hand: all logits of the vocabulary, then the two words' share of each other.
        var expected = 0.0;
        foreach (var (text, label) in small.Train.Texts.Zip(small.Train.Targets))
        {
            var prompt = small.Prompts.Plain(text);
            var all = small.Language.call(TokenBatch.Of([prompt.Tokens], 0));
            double Power(int word) => Math.Exp(all[0, prompt.Place, small.Prompts.WordIds[word]].item<float>());
            expected -= Math.Log(Power((int)label) / (Power(0) + Power(1))) / small.Train.Texts.Count;
        }

        var task = small.Task();
        Assert.Equal(expected, task.Loss([0, 1, 2], 0).item<float>(), 1e-5);
        Assert.Equal(small.Train.Texts.Select(text => small.Prompts.Plain(text).Tokens.Length), task.Lengths);
    }

    [Fact]
    public void Options_of_the_loss_change_it_and_their_neutral_values_do_not()
    {
        using var scope = NewDisposeScope();
        using var small = new SmallPrompt();
        float Loss(ClassificationLoss? variant) => small.Task(variant).Loss([0, 1, 2], 0).item<float>();

        Assert.Equal(Loss(null), Loss(new()));
        Assert.NotEqual(Loss(null), Loss(new(LabelSmoothing: 0.1)));
        // Without dropout both passes are one.
        Assert.Equal(Loss(null), Loss(new(RDrop: 1)), 1e-6);
    }

    [Fact]
    public void Demonstrated_texts_are_scored_by_the_mean_of_their_logits()
    {
        using var scope = NewDisposeScope();
        using var small = new SmallPrompt(demonstrations: 5);
        var logits = small
            .Dev.Texts.Select(text =>
            {
                var sets = small.Prompts.Scored(text);
                Assert.Equal(5, sets.Count);
                return stack(
                        sets.Select(one =>
                            small.Model.Logits(TokenBatch.Of([one.Tokens], 0), [one.Place], small.Prompts.WordIds)[0]
                        )
                    )
                    .mean([0]);
            })
            .ToList();

        var loss = nn.functional.cross_entropy(
            stack(logits),
            tensor(small.Dev.Targets.Select(label => (long)label).ToArray())
        );
        Assert.Equal(-loss.item<float>(), small.Task(selectBy: "loss").Score(default)!.Value, 1e-5);
        var right = logits.Zip(small.Dev.Targets).Count(pair => pair.First.argmax().item<long>() == (long)pair.Second);
        Assert.Equal(right / (double)small.Dev.Texts.Count, small.Task().Score(default)!.Value, 1e-9);
    }

    [Fact]
    public void No_tensor_outlives_a_step()
    {
        using var small = new SmallPrompt(demonstrations: 2);
        var task = small.Task();
        Step();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Step();
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            task.Loss([0, 1, 2], 1).backward();
            using var none = no_grad();
            task.Score(default);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Saved_it_says_the_same_whatever_else_it_is_asked(int demonstrations)
    {
        using var folder = new TemporaryFolder();
        using var small = new SmallPrompt(demonstrations);
        small.Save(folder["saved"]);
        using var classifier = Classifiers.Open(folder["saved"], new ComputeOptions(1));
        ModelText[] texts =
        [
            new("good"),
            new("it was the good film it was the good film"),
            new("bad"),
            new("the film"),
        ];

        var together = classifier.Predict(texts);

        Assert.Equal(["no", "yes"], classifier.Labels);
        Assert.Equal(ModelHead.Texts, ModelHeads.Of(folder["saved"]));
        Assert.All(together, row => Assert.Equal(1, row.Sum(), 1e-5));
        using var scope = NewDisposeScope();
        foreach (var (text, row) in texts.Zip(together))
        {
            Assert.All(
                row.Zip(classifier.Predict([text]).Single()),
                pair => Assert.Equal(pair.First, pair.Second, 1e-5)
            );
            var mean = stack(
                    small
                        .Prompts.Scored(text)
                        .Select(one =>
                            small.Model.Logits(TokenBatch.Of([one.Tokens], 0), [one.Place], small.Prompts.WordIds)[0]
                        )
                )
                .mean([0]);
            Assert.Equal(mean.softmax(0)[1].item<float>(), row[1], 1e-5);
        }
    }

    [Theory]
    [InlineData("{ not json", "line 1, column 3")]
    [InlineData("{}", "expected template, labels, labelWords and examples")]
    [InlineData(
        "{\"template\":\"{text}\",\"labels\":[\"no\",\"yes\"],\"labelWords\":{\"no\":\"it\",\"yes\":\"good\"},\"maxTokens\":40,\"examples\":[]}",
        "has no {mask}"
    )]
    public void A_damaged_prompt_is_refused_with_its_place(string json, string problem)
    {
        using var folder = new TemporaryFolder();
        using var small = new SmallPrompt();
        small.Save(folder["saved"]);
        File.WriteAllText(folder["saved", PromptSettings.FileName], json);
        Assert.Contains(problem, Assert.Throws<BadInputException>(() => Classifiers.Open(folder["saved"])).Message);
    }

    [Theory]
    [InlineData(
        "bert-sequence-classification",
        "is a BertForSequenceClassification; expected one that ends in ForMaskedLM"
    )]
    [InlineData(
        "gpt2-sequence-classification",
        "is a GPT2ForSequenceClassification; expected one that ends in ForMaskedLM"
    )]
    public void A_model_with_another_head_is_refused(string kind, string problem)
    {
        var folder = GoldenFolders.Of(kind)[0];
        var refused = Assert.Throws<BadInputException>(() => PromptModel.Open(folder, ModelSettings.Evaluation));
        Assert.Contains(problem, refused.Message);
    }

    [Fact]
    public void An_encoder_without_a_head_is_refused_and_told_what_would_make_one()
    {
        var folder = SharedFiles.Require("models", "minilm");
        var refused = Assert.Throws<BadInputException>(() => PromptModel.Open(folder, ModelSettings.Evaluation));
        Assert.StartsWith("the model has no trained head for masked words (cls.predictions.", refused.Message);
        Assert.Contains("a pretrain step with objective masked", refused.Message);
    }

    [Fact]
    public void All_weights_drawn_anew_need_no_head()
    {
        using var model = PromptModel.Open(
            GoldenFolders.Of("bert-masked-lm")[0],
            new ModelSettings { FromScratch = true, Seed = 1 }
        );
        Assert.Contains(model.NewWeights, name => name.StartsWith("cls.predictions.", StringComparison.Ordinal));
    }

    /// <summary>A golden model, which knows the words <c>it</c> and <c>good</c>, with three texts to learn and two to select on.</summary>
    private sealed class SmallPrompt : IDisposable
    {
        private static readonly string Folder = GoldenFolders.Of("bert-masked-lm")[0];

        private readonly PromptSettings _settings;
        private readonly DropoutMasks _masks = new(13);

        public SmallPrompt(int demonstrations = 0)
        {
            LabelledText[] examples =
            [
                new("the film", null, 0),
                new("the", null, 0),
                new("film film", null, 1),
                new("was", null, 1),
            ];
            _settings = new(
                "{text} it was {mask} .",
                ["no", "yes"],
                new Dictionary<string, string> { ["no"] = "it", ["yes"] = "good" },
                40,
                demonstrations,
                13,
                demonstrations == 0 ? [] : examples
            );
            Model = PromptModel.Open(Folder, new ModelSettings { Masks = _masks, Dropout = 0 });
            Prompts = new(_settings, Tokenizers.Open(Folder), pair: false, causal: false);
        }

        public PromptModel Model { get; }
        public PromptedTexts Prompts { get; }
        public MaskedLanguageModel Language => (MaskedLanguageModel)Model.Model;
        public PromptExamples Train { get; } =
            new([new("the film"), new("good film was the film"), new("it")], [0, 1, 1]);
        public PromptExamples Dev { get; } = new([new("the good"), new("film"), new("was")], [0, 1, 0]);

        public PromptTask Task(ClassificationLoss? variant = null, string selectBy = "accuracy") =>
            new(Model, _masks, Prompts, Train, Dev, selectBy, variant);

        public void Save(string folder)
        {
            Directory.CreateDirectory(folder);
            Model.Save(folder);
            Tokenizers.Open(Folder).Save(folder);
            _settings.Save(folder);
        }

        public void Dispose() => Model.Dispose();
    }
}
