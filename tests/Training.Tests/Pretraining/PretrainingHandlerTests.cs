using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Training.Tests.Pretraining;

public sealed class When_a_pretraining_order_arrives : IDisposable
{
    private const string Weights = "model.safetensors";
    private static readonly PretrainingSpec Few = new()
    {
        Updates = 20,
        Batch = 8,
        LearningRate = 1e-3,
        CheckpointEvery = 6,
    };

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_masked_language_model_is_stored_that_fine_tuning_can_start_from()
    {
        var pretrained = Pretrain(Few);

        using (var model = MaskedLanguageModel.Open(_bench.Open(pretrained), ModelSettings.Evaluation))
            Assert.Empty(model.NewWeights);
        Assert.Contains("BertForMaskedLM", File.ReadAllText(Path.Combine(_bench.Open(pretrained), "config.json")));

        var spec = new FineTuningSpec { Updates = 2 };
        var tuned = _bench.FineTuning.Handle(_bench.Tuning(pretrained, _bench.Reviews(), spec)).Model!;
        Assert.Equal(2, _bench.Card(tuned).Updates);
    }

    [Fact]
    public void It_learns_to_guess_masked_tokens()
    {
        // On its own texts: so few others say little.
        var spec = Few with
        {
            HeldOut = 0,
        };
        var shortly = _bench.Card(Pretrain(spec with { Updates = 1 })).Scores;
        var longer = _bench.Card(Pretrain(spec with { Updates = 150, LearningRate = 3e-3 })).Scores;

        Assert.True(longer["maskedLoss"] < shortly["maskedLoss"] - 1);
        Assert.True(longer["maskedAccuracy"] > shortly["maskedAccuracy"] + 0.03);
    }

    [Fact]
    public void From_a_configuration_all_weights_are_new_and_nothing_is_inherited()
    {
        var read = new SplitUse("books", _bench.Split("train", [new("b", "A book.")]), "training");
        var model = _bench.SmallBert(ancestry: [read]);
        var dataset = _bench.Reviews(unlabelled: 30);

        var fromNothing = Pretrain(Few, dataset, new StepInput("config", Model: model));
        var continued = Pretrain(Few, dataset, new StepInput("model", Model: model));

        Assert.NotEqual(fromNothing.Files[Weights], continued.Files[Weights]);
        Assert.Equal(fromNothing.Files["vocab.txt"], continued.Files["vocab.txt"]);
        Assert.Equal(["reviews", "reviews"], _bench.Card(fromNothing).Ancestry.Select(use => use.Dataset));
        Assert.Equal(["books", "reviews", "reviews"], _bench.Card(continued).Ancestry.Select(use => use.Dataset));
        Assert.Equal(["train", "unlabelled"], _bench.Card(fromNothing).Ancestry.Select(use => use.Split.Name));
        Assert.Equal(
            fromNothing.Files[Weights],
            Pretrain(Few, dataset, new StepInput("config", Model: _bench.SmallBert(seed: 99))).Files[Weights]
        );
    }

    [Fact]
    public void Labels_dev_and_test_are_not_read()
    {
        var plain = Pretrain(Few, _bench.Reviews());

        Assert.Equal(plain.Files, Pretrain(Few, _bench.Reviews(dev: 3)).Files);
        Assert.Equal(plain.Files, Pretrain(Few, _bench.Reviews(change: row => row with { Label = null })).Files);
        Assert.NotEqual(plain.Files, Pretrain(Few, _bench.Reviews(unlabelled: 5)).Files);
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
                if (reports == 15)
                    stop.Cancel();
            },
        };
        StepInput[] inputs = [new("model", Model: _bench.SmallBert()), new("dataset", Dataset: dataset)];

        var stopped = _bench.Work(StepKinds.Pretrain, Few, inputs, checkpoints, progress, stop.Token);
        Assert.Throws<OperationCanceledException>(() => _bench.Pretraining.Handle(stopped));
        Assert.Equal([6, 12, 15], checkpoints.Positions);
        var resumed = _bench.Pretraining.Handle(_bench.Work(StepKinds.Pretrain, Few, inputs, checkpoints)).Model!;

        Assert.Equal(Pretrain(Few, dataset).Files, resumed.Files);
    }

    [Theory]
    [InlineData("updates")]
    [InlineData("batch")]
    [InlineData("rate")]
    [InlineData("warm-up")]
    [InlineData("decay")]
    [InlineData("tokens")]
    [InlineData("masks")]
    [InlineData("words")]
    [InlineData("objective")]
    [InlineData("held-out")]
    [InlineData("seed")]
    public void Every_option_changes_the_weights(string option)
    {
        var changed = option switch
        {
            "updates" => Few with { Updates = 21 },
            "batch" => Few with { Batch = 9 },
            "rate" => Few with { LearningRate = 2e-3 },
            "warm-up" => Few with { WarmUp = 0.5 },
            "decay" => Few with { WeightDecay = 0.5 },
            "tokens" => Few with { MaxTokens = 6 },
            "masks" => Few with { MaskRate = 0.3 },
            "words" => Few with { WholeWords = true },
            "objective" => Few with { Objective = "masked-and-next" },
            "held-out" => Few with { HeldOut = 0.3 },
            _ => Few with { Seed = 14 },
        };

        var dataset = _bench.Reviews(change: TwoSentences);
        Assert.NotEqual(Pretrain(Few, dataset).Files[Weights], Pretrain(changed, dataset).Files[Weights]);
    }

    [Fact]
    public void With_pairs_a_model_is_stored_that_tells_what_follows()
    {
        var spec = Few with { Objective = "masked-and-next" };
        var pretrained = Pretrain(spec, _bench.Reviews(change: TwoSentences));

        Assert.Contains("BertForPreTraining", File.ReadAllText(Path.Combine(_bench.Open(pretrained), "config.json")));
        using var model = MaskedAndNextModel.Open(_bench.Open(pretrained), ModelSettings.Evaluation);
        Assert.Empty(model.NewWeights);
        Assert.InRange(_bench.Card(pretrained).Scores["nextAccuracy"], 0, 1);
    }

    [Fact]
    public void Pairs_need_texts_of_two_sentences()
    {
        var problem = Assert.Throws<BadInputException>(() =>
            Pretrain(
                Few with
                {
                    Objective = "masked-and-next",
                },
                _bench.Reviews(change: row => row with { Text = "One." })
            )
        );

        Assert.Contains("0 of 48 texts", problem.Message);
        Assert.Contains("expected at least two such texts", problem.Message);
    }

    [Theory]
    [InlineData("bert", "masked", "BertForMaskedLM")]
    [InlineData("distilbert", "masked", "DistilBertForMaskedLM")]
    [InlineData("roberta", "masked", "RobertaForMaskedLM")]
    [InlineData("gpt2", "causal", "GPT2LMHeadModel")]
    public void Each_architecture_starts_from_nothing_with_a_vocabulary_of_the_same_texts(
        string architecture,
        string objective,
        string stored
    )
    {
        var config = _bench.Configuration(architecture);
        var spec = Few with { Objective = objective, Vocabulary = 400, Updates = 40, LearningRate = 3e-3, HeldOut = 0 };
        var pretrained = Pretrain(spec, _bench.Reviews(unlabelled: 60), new StepInput("config", Model: config));

        var folder = _bench.Open(pretrained);
        Assert.Contains(stored, File.ReadAllText(Path.Combine(folder, "config.json")));
        Assert.Equal(400, Tokenizers.Open(folder).VocabularySize);
        var card = _bench.Card(pretrained);
        // Guessing among 400 tokens alike has a perplexity of 400.
        Assert.InRange(card.Scores["perplexity"], 1, 350);
        Assert.Contains("A vocabulary of 400 tokens was learnt.", card.Notes);

        var tuned = _bench.FineTuning.Handle(
            _bench.Tuning(pretrained, _bench.Reviews(), new FineTuningSpec { Updates = 2 })
        );
        Assert.Equal(2, _bench.Card(tuned.Model!).Updates);
    }

    [Fact]
    public void Texts_that_are_held_out_are_measured_and_not_read()
    {
        var spec = Few with { HeldOut = 0.2 };
        var card = _bench.Card(Pretrain(spec, _bench.Reviews(train: 200)));

        Assert.Matches(@"over \d+ tokens of (2|3|4|5)\d texts kept out of training", card.Notes[^1]);
        Assert.Equal(Math.Exp(card.Scores["maskedLoss"]), card.Scores["perplexity"], 1e-9);
    }

    [Theory]
    [InlineData("bert", "masked")]
    [InlineData("distilbert", "masked")]
    [InlineData("roberta", "masked")]
    [InlineData("gpt2", "causal")]
    public void A_model_goes_on_in_a_vocabulary_of_its_new_texts(string architecture, string objective)
    {
        var spec = Few with { Objective = objective, Vocabulary = 400, Updates = 1, HeldOut = 0 };
        var config = new StepInput("config", Model: _bench.Configuration(architecture));
        var before = Pretrain(spec, _bench.Reviews(unlabelled: 60), config);

        var still = spec with { Vocabulary = 500, LearningRate = 0 };
        var after = Pretrain(still, _bench.Reviews(unlabelled: 60), new StepInput("model", Model: before));

        var note = Assert.Single(_bench.Card(after).Notes, note => note.StartsWith("Of the word embeddings"));
        var (old, learnt) = (Tokenizers.Open(_bench.Open(before)), Tokenizers.Open(_bench.Open(after)));
        var shared = Tokens(learnt).Intersect(Tokens(old)).Count();
        Assert.InRange(shared, 200, 400);
        Assert.Equal(
            $"Of the word embeddings {shared} are the model's own, {500 - shared} the mean of their pieces' and 0 started new.",
            note
        );

        // Letters are tokens of both: what the model makes of them is what it made of them before.
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var one = Encoders.Open(_bench.Open(before), ModelSettings.Evaluation);
        using var two = Encoders.Open(_bench.Open(after), ModelSettings.Evaluation);
        var (first, second) = (Vectors(one, old, "a b c"), Vectors(two, learnt, "a b c"));
        Assert.Equal(first.shape, second.shape);
        Assert.InRange((first - second).abs().max().item<float>(), 0, 1e-6);

        // Another token lies in the middle of its pieces.
        var id = Tokens(learnt).ToList().FindIndex(token => !Tokens(old).Contains(token));
        var text = (learnt.Continues(id) ? "" : " ") + learnt.TextOf(id);
        var pieces = old.Spans(text).Select(piece => (long)piece.Id).ToArray();
        Assert.True(pieces.Length > 1);
        var middle = Words(before).index_select(0, tensor(pieces)).mean([0]);
        Assert.InRange((Words(after)[id] - middle).abs().max().item<float>(), 0, 1e-6);

        static IEnumerable<string> Tokens(ITokenizer tokenizer) =>
            Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.TokenOf);

        static Tensor Vectors(Encoder encoder, ITokenizer tokenizer, string text)
        {
            encoder.eval();
            return encoder.HiddenStates(TokenBatch.Of([tokenizer.Encode(text, null, 16)], tokenizer.PadId))[^1];
        }

        Tensor Words(ModelRef model) =>
            SafetensorsFile
                .Open(Path.Combine(_bench.Open(model), Weights))
                .Single(one => one.Name.EndsWith("word_embeddings.weight") || one.Name.EndsWith("wte.weight"))
                .Read();
    }

    [Fact]
    public void What_its_old_vocabulary_cannot_read_starts_new()
    {
        var config = new StepInput("config", Model: _bench.Configuration("bert"));
        var before = Pretrain(Few with { Vocabulary = 400, Updates = 1 }, _bench.Reviews(unlabelled: 60), config);
        var other = _bench.Reviews(change: row => row with { Text = row.Text + " \u0436" });

        var after = Pretrain(Few with { Vocabulary = 400, Updates = 1 }, other, new StepInput("model", Model: before));

        var note = Assert.Single(_bench.Card(after).Notes, note => note.StartsWith("Of the word embeddings"));
        Assert.EndsWith("and 1 started new.", note);
    }

    [Fact]
    public void What_does_not_suit_the_model_is_refused()
    {
        var problem = Assert.Throws<BadInputException>(() => Pretrain(Few with { Objective = "causal" }));

        Assert.Contains("no token that ends a text", problem.Message);
    }

    [Fact]
    public void Model_and_configuration_together_are_refused()
    {
        var model = _bench.SmallBert();
        var problem = Assert.Throws<BadInputException>(() =>
            Pretrain(Few, null, new StepInput("model", Model: model), new StepInput("config", Model: model))
        );

        Assert.Contains("either 'model'", problem.Message);
        Assert.Contains(
            "either 'model'",
            Assert.Throws<BadInputException>(() => Pretrain(Few, null, new StepInput("other"))).Message
        );
    }

    private static Example TwoSentences(Example row) => row with { Text = $"{row.Text} So said {row.Id}." };

    private ModelRef Pretrain(PretrainingSpec spec, DatasetRef? dataset = null, params StepInput[] start)
    {
        if (start.Length == 0)
            start = [new("model", Model: _bench.SmallBert())];
        var work = _bench.Work(
            StepKinds.Pretrain,
            spec,
            [.. start, new("dataset", Dataset: dataset ?? _bench.Reviews())]
        );
        return _bench.Pretraining.Handle(work).Model!;
    }
}
