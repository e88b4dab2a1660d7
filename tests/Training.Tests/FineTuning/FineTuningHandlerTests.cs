using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;

namespace TransferPipeline.Training.Tests.FineTuning;

public sealed class When_a_fine_tuning_order_arrives : IDisposable
{
    private const string Weights = "model.safetensors";
    private static readonly FineTuningSpec Few = new()
    {
        Updates = 30,
        Batch = 8,
        LearningRate = 1e-3,
        EvaluateEvery = 10,
        CheckpointEvery = 10,
    };

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_model_opens_with_the_labels_of_the_dataset()
    {
        var trained = Tune(Few);

        Assert.Equal(
            ["config.json", Weights, "tokenizer_config.json", "vocab.txt"],
            trained.Files.Keys.Order(StringComparer.Ordinal)
        );
        using var model = SequenceClassification.Open(_bench.Open(trained), ModelSettings.Evaluation);
        Assert.Equal(["negative", "positive"], model.Task.Labels);
        Assert.Empty(model.NewWeights);
    }

    [Fact]
    public void The_card_tells_what_it_came_from_and_what_it_read()
    {
        var earlier = new SplitUse("books", _bench.Split("train", [new("b", "A book.")]), "training");
        var dataset = _bench.Reviews();
        var card = _bench.Card(Tune(Few, _bench.SmallBert(ancestry: [earlier]), dataset));

        Assert.Equal("small-bert", card.Root);
        Assert.Equal("none", card.Strategy);
        Assert.Equal(13, card.Seed);
        Assert.Equal("dev", card.SelectedOn);
        Assert.Equal((48, 24, 30), (card.LabelsTrain, card.LabelsDev, card.Updates));
        Assert.Equal(["training", "training", "selection"], card.Ancestry.Select(use => use.Purpose));
        Assert.Equal(
            [earlier.Split.Id, dataset.Find("train")!.Id, dataset.Find("dev")!.Id],
            card.Ancestry.Select(use => use.Split.Id)
        );
        Assert.InRange(card.Scores["accuracy"], 0, 1);
        Assert.Contains(card.Notes, note => note.Contains("30 updates on 48 rows"));
        Assert.Contains(card.Notes, note => note.StartsWith("Started new: ") && note.Contains("classifier.weight"));
        Assert.Equal(
            ["device", "dotnet", "libtorch", "precision", "processor", "threads", "torchSharp"],
            card.Environment.Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Without_a_dev_split_nothing_selects()
    {
        var card = _bench.Card(Tune(Few, dataset: _bench.Reviews(dev: 0)));

        Assert.Equal(("none", 0), (card.SelectedOn, card.LabelsDev));
        Assert.DoesNotContain(card.Ancestry, use => use.Purpose == "selection");
    }

    [Fact]
    public void A_small_set_gets_four_hundred_updates_where_none_are_named()
    {
        var card = _bench.Card(Tune(Few with { Updates = null }, dataset: _bench.Reviews(dev: 0)));

        Assert.Equal(400, card.Updates);
        Assert.DoesNotContain(card.Notes, note => note.Contains("fair comparison"));
    }

    [Fact]
    public void It_learns_what_it_reads()
    {
        var card = _bench.Card(Tune(Few with { Updates = 400, SelectOn = "none" }));

        Assert.InRange(card.Scores["trainingLoss"], 0, 0.1);
    }

    [Fact]
    public void A_loss_that_is_no_number_is_refused_by_the_ids_of_its_batch()
    {
        var dataset = _bench.Reviews(change: row =>
            row.Id == "train-3" ? row with { Weight = float.PositiveInfinity } : row
        );

        var fault = Assert.Throws<BadInputException>(() => Tune(Few, dataset: dataset));

        Assert.Matches(
            @"^update [1-6] of 30: the loss is NaN, expected a finite number; learning rate \de-\d, examples .*\btrain-3\b",
            fault.Message
        );
    }

    [Fact]
    public void A_tokenizer_that_is_larger_than_the_embedding_is_refused_by_all_that_train()
    {
        var folder = _bench.Open(_bench.SmallBert());
        File.AppendAllText(Path.Combine(folder, "vocab.txt"), "onetoomany\n");
        var model = _bench.Store(folder);
        var tokens = File.ReadLines(Path.Combine(folder, "vocab.txt")).Count();
        StepInput[] inputs = [new("model", Model: model), new("dataset", Dataset: _bench.Reviews())];
        StepInput[] taught = [new("teacher", Model: model), new("dataset", Dataset: _bench.Reviews())];

        foreach (
            Action train in new Action[]
            {
                () => Tune(Few, model),
                () => _bench.Pretraining.Handle(_bench.Work(StepKinds.Pretrain, new PretrainingSpec(), inputs)),
                () => _bench.Distilling.Handle(_bench.Work(StepKinds.Distil, new DistillationSpec(), taught)),
            }
        )
            Assert.Contains(
                $"the tokenizer has {tokens} tokens, the model {tokens - 1}; expected at most as many",
                Assert.Throws<BadInputException>(train).Message
            );
    }

    [Fact]
    public void Equal_orders_give_equal_files()
    {
        Assert.Equal(Tune(Few).Files, Tune(Few).Files);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(17, 2)]
    public void Stopped_and_resumed_beside_another_training_it_leaves_the_same_bytes(int at, int threads)
    {
        using var bench = new Bench(threads);
        var (model, dataset) = (bench.SmallBert(), bench.Reviews());
        var whole = bench.FineTuning.Handle(bench.Tuning(model, dataset, Few)).Model!;
        var checkpoints = bench.Checkpoints();

        using (var stop = new CancellationTokenSource())
        {
            var progress = new Reports
            {
                AtReport = reports =>
                {
                    if (reports == at)
                        stop.Cancel();
                },
            };
            var work = bench.Tuning(model, dataset, Few, checkpoints, progress, stop.Token);
            Assert.Throws<OperationCanceledException>(() => bench.FineTuning.Handle(work));
        }
        Assert.Equal(at, checkpoints.Positions[^1]);

        var neighbour = new Thread(() => Tune(Few with { Seed = 77, Updates = 60 }));
        neighbour.Start();
        var seen = new Reports();
        var resumed = bench.FineTuning.Handle(bench.Tuning(model, dataset, Few, checkpoints, seen)).Model!;
        neighbour.Join();

        Assert.Equal(30 - at, seen.All.Count);
        Assert.Equal(whole.Files[Weights], resumed.Files[Weights]);
    }

    [Theory]
    [InlineData("mixout")]
    [InlineData("averaged")]
    [InlineData("dropout")]
    [InlineData("all")]
    public void So_it_does_with_what_steadies_it(string option)
    {
        var spec = option switch
        {
            "mixout" => Few with { Mixout = 0.4 },
            "averaged" => Few with { AveragedWeights = 0.9 },
            "dropout" => Few with { AttentionDropout = 0.3, ClassifierDropout = 0.4 },
            _ => Few with
            {
                Mixout = 0.4,
                AveragedWeights = 0.9,
                AttentionDropout = 0.3,
                ClassifierDropout = 0.4,
                RDrop = 1,
                Accumulate = 2,
            },
        };
        var (model, dataset, checkpoints) = (_bench.SmallBert(), _bench.Reviews(), _bench.Checkpoints());
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
            Assert.Throws<OperationCanceledException>(() =>
                _bench.FineTuning.Handle(_bench.Tuning(model, dataset, spec, checkpoints, progress, stop.Token))
            );
        }
        var resumed = _bench.FineTuning.Handle(_bench.Tuning(model, dataset, spec, checkpoints)).Model!;

        Assert.Equal(17, checkpoints.Positions.First(position => position > 10));
        Assert.Equal(Tune(spec, model, dataset).Files, resumed.Files);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("dev")]
    public void A_text_that_is_too_tooLongis_refused_by_its_row_where_that_is_asked_for(string split)
    {
        var spec = Few with { Updates = 1, MaxTokens = 60 };
        var tooLong = string.Join(' ', Enumerable.Repeat("good", 70));
        var dataset = _bench.Reviews(change: row => row.Id == "train-3" ? row with { Text = tooLong } : row);
        if (split == "dev")
            dataset = _bench.Reviews() with
            {
                Splits =
                [
                    _bench.Reviews().Find("train")!,
                    _bench.Split(
                        "dev",
                        [new("dev-0", "Fine.", Label: "positive"), new("dev-1", tooLong, Label: "positive")]
                    ),
                ],
            };

        Assert.NotNull(Tune(spec, dataset: dataset));
        Assert.NotNull(Tune(spec with { Strict = true }));
        Assert.Contains(
            $"reviews, split {split}, row {(split == "train" ? "train-3" : "dev-1")}: 12 tokens stand beyond the 60 tokens that are read; expected none, as 'strict' is true",
            Assert.Throws<BadInputException>(() => Tune(spec with { Strict = true }, dataset: dataset)).Message
        );
        if (split == "train")
        {
            Assert.Contains(
                _bench.Card(Tune(spec, dataset: dataset)).Notes,
                note => note.StartsWith("1 of 48 training texts are longer than the 60 tokens")
            );
            Assert.Contains(
                "row train-3: 12 tokens",
                Assert
                    .Throws<BadInputException>(() =>
                        Tune(spec with { Strict = true, Strategy = "frozen" }, dataset: dataset)
                    )
                    .Message
            );
        }
    }

    [Fact]
    public void Mixing_with_weights_that_are_not_pretrained_is_refused() =>
        Assert.Contains(
            "mixout mixes with pretrained weights",
            Assert.Throws<BadInputException>(() => Tune(Few with { Mixout = 0.5, Weights = "random" })).Message
        );

    public static TheoryData<string, FineTuningSpec> Options =>
        new()
        {
            { "weights", Few with { Weights = "random" } },
            { "updates", Few with { Updates = 29 } },
            { "batch", Few with { Batch = 7 } },
            { "learning rate", Few with { LearningRate = 2e-3 } },
            { "warm-up", Few with { WarmUp = 0 } },
            { "weight decay", Few with { WeightDecay = 0 } },
            { "L2", Few with { L2 = 1e-3 } },
            { "clip", Few with { ClipNorm = 0.1 } },
            { "dropout", Few with { Dropout = 0.3 } },
            { "tokens", Few with { MaxTokens = 6 } },
            { "pooling", Few with { Pooling = "mean" } },
            { "window", Few with { LengthWindow = 1, Batch = 4 } },
            { "selection", Few with { SelectOn = "none", LearningRate = 0.05 } },
            { "seed", Few with { Seed = 14 } },
            { "initialisation", Few with { InitialisationSeed = 14 } },
            { "order", Few with { OrderSeed = 14 } },
            { "smoothing", Few with { LabelSmoothing = 0.1 } },
            { "focal", Few with { Focal = 2 } },
            { "class weights", Few with { ClassWeights = "balanced" } },
            { "R-Drop", Few with { RDrop = 1 } },
            { "layer decay", Few with { LayerDecay = 0.5 } },
            { "frozen blocks", Few with { FrozenBlocks = 1 } },
            { "new blocks", Few with { NewTopBlocks = 1 } },
            { "parts", Few with { Accumulate = 3 } },
            { "attention dropout", Few with { AttentionDropout = 0.3 } },
            { "classifier dropout", Few with { ClassifierDropout = 0.3 } },
            { "mixout", Few with { Mixout = 0.3 } },
            { "averaged", Few with { AveragedWeights = 0.9 } },
        };

    [Theory]
    [MemberData(nameof(Options), DisableDiscoveryEnumeration = true)]
    public void Every_option_changes_the_weights(string option, FineTuningSpec spec)
    {
        var plain = option switch
        {
            "window" => Few with { Batch = 4 },
            "selection" => Few with { LearningRate = 0.05 },
            _ => Few,
        };

        var dataset = _bench.Reviews(change: MorePositive);
        Assert.NotEqual(
            Tune(plain, dataset: dataset).Files[Weights],
            Tune(spec, dataset: dataset).Files.GetValueOrDefault(Weights)
        );
    }

    [Fact]
    public void A_training_that_learns_nothing_says_so()
    {
        var still = _bench.Card(Tune(Few with { LearningRate = 0.5 }));
        var learns = _bench.Card(
            Tune(Few with { Updates = 100, LearningRate = 3e-3, EvaluateEvery = 5, SelectBy = "matthews" })
        );

        Assert.Contains(
            "Collapsed: on dev its accuracy is never above 0.583, which one label for all texts reaches.", // 14 of 24
            still.Notes
        );
        Assert.True(learns.Scores["matthews"] > 0); // the best of twenty looks
        Assert.DoesNotContain(learns.Notes, note => note.StartsWith(ModelScores.Collapsed));
    }

    [Fact]
    public void Patience_ends_the_training_where_no_score_gains_more_than_the_threshold()
    {
        var spec = Few with { Updates = 60, Patience = 2, SelectBy = "loss", LearningRate = 3e-3 };

        var waits = _bench.Card(Tune(spec with { PatienceThreshold = 10 }));
        var gains = _bench.Card(Tune(spec));

        Assert.Equal(30, waits.Updates);
        Assert.InRange(gains.Updates, 31, 60);
    }

    /// <summary>Three in four.</summary>
    private static Example MorePositive(Example row) =>
        int.Parse(row.Id.Split('-')[1]) % 2 == 0 ? row with { Label = "positive" } : row;

    public static TheoryData<FineTuningSpec> NeutralOptions =>
        new(
            Few with
            {
                Dropout = 0.1,
            }, // the configuration's own
            Few with
            {
                InitialisationSeed = 13,
                OrderSeed = 13,
            },
            Few with
            {
                AttentionDropout = 0.1,
                ClassifierDropout = 0.1,
            },
            Few with
            {
                Mixout = 0,
                AveragedWeights = 0,
            },
            Few with
            {
                ClipNorm = 1e9,
            },
            Few with
            {
                ClipNorm = 0,
            },
            Few with
            {
                CheckpointEvery = 1000,
            },
            Few with
            {
                Keep = "all",
            }
        );

    [Theory]
    [InlineData("smoothing")]
    [InlineData("R-Drop")]
    [InlineData("balanced")]
    public void Options_for_labels_are_refused_where_there_are_numbers(string option)
    {
        var spec = option switch
        {
            "smoothing" => Few with { LabelSmoothing = 0.1 },
            "R-Drop" => Few with { RDrop = 1 },
            _ => Few with { ClassWeights = "balanced" },
        };
        var numbers = _bench.Reviews(dev: 0, task: TaskType.Regression, change: row => row with { Label = "1" });

        var problem = Assert.Throws<BadInputException>(() => Tune(spec, dataset: numbers));
        Assert.Contains("are for labels of texts; dataset reviews is for Regression", problem.Message);
    }

    [Fact]
    public void More_blocks_than_there_are_are_refused() =>
        Assert.Contains(
            "the model has 1 blocks",
            Assert.Throws<BadInputException>(() => Tune(Few with { FrozenBlocks = 1, NewTopBlocks = 1 })).Message
        );

    [Theory]
    [MemberData(nameof(NeutralOptions), DisableDiscoveryEnumeration = true)]
    public void At_its_neutral_value_an_option_changes_no_bit(FineTuningSpec spec)
    {
        var plain = spec.ClipNorm == 1 ? Few : Few with { ClipNorm = 1e6 };

        Assert.Equal(Tune(plain).Files, Tune(spec).Files);
    }

    [Fact]
    public void Weights_of_rows_scale_their_part_in_the_loss()
    {
        var plain = Tune(Few);

        Assert.NotEqual(plain.Files, Tune(Few, dataset: Weighted(row => row == 0 ? 5 : 1)).Files);
        // A row that weighs nothing teaches nothing: its label does not matter.
        Assert.Equal(
            Tune(Few, dataset: Weighted(row => row == 0 ? 0 : 1)).Files,
            Tune(Few, dataset: Weighted(row => row == 0 ? 0 : 1, flipped: 0)).Files
        );
    }

    private DatasetRef Weighted(Func<int, float> weight, int flipped = -1) =>
        _bench.Reviews(change: row =>
        {
            var number = int.Parse(row.Id["train-".Length..]);
            var label =
                number != flipped ? row.Label
                : row.Label == "positive" ? "negative"
                : "positive";
            return row with { Weight = weight(number), Label = label };
        });

    [Fact]
    public void Numbers_can_be_learned_too()
    {
        var dataset = _bench.Reviews(
            change: row => row with { Label = row.Text.Length.ToString() },
            task: TaskType.Regression,
            dev: 0
        );
        var trained = Tune(Few with { Updates = 5 }, dataset: dataset);

        using var model = SequenceClassification.Open(_bench.Open(trained), ModelSettings.Evaluation);
        Assert.True(model.Task.Regression);
        Assert.Empty(_bench.Card(trained).Labels);
    }

    [Fact]
    public void A_fine_tuned_model_can_be_tuned_again_with_its_head()
    {
        var dataset = _bench.Reviews();
        var first = Tune(Few with { Updates = 100, SelectOn = "none" }, dataset: dataset);
        var second = Tune(Few with { Updates = 1, LearningRate = 0, SelectOn = "none" }, first, dataset);

        Assert.Equal(first.Files[Weights], second.Files[Weights]);
        Assert.Equal(2, _bench.Card(second).Ancestry.Count);
        Assert.DoesNotContain(_bench.Card(second).Notes, note => note.StartsWith("Started new"));
    }

    [Fact]
    public void Kept_checkpoints_are_stored_under_their_updates()
    {
        var output = Order(Few with { Keep = "all" });

        Assert.Equal(
            ["update-10/model.safetensors", "update-20/model.safetensors", "update-30/model.safetensors"],
            output.Files!.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(3, output.Files.Values.Distinct().Count());
    }

    [Fact]
    public void Where_nothing_is_kept_the_card_remains()
    {
        var output = Order(Few with { Keep = "none" });

        Assert.Null(output.Model);
        Assert.Equal(30, _bench.Read<ModelCard>(output.Files!["card.json"]).Updates);
    }

    [Fact]
    public void Labels_of_dev_and_test_and_hidden_ones_change_nothing_where_nothing_selects()
    {
        var spec = Few with { SelectOn = "none" };

        Assert.Equal(Tune(spec).Files, Tune(spec, dataset: _bench.Reviews(dev: 8, unlabelled: 20)).Files);
    }

    [Theory]
    [InlineData("task")]
    [InlineData("labels")]
    [InlineData("none labelled")]
    [InlineData("precision")]
    public void What_cannot_be_learned_is_refused_with_its_reason(string what)
    {
        var (dataset, expected) = what switch
        {
            "task" => (_bench.Reviews() with { Task = TaskType.Text }, "reviews is text without labels"),
            "labels" => (_bench.Reviews() with { Labels = ["positive"] }, "row train-0: the label is 'negative'"),
            "none labelled" => (_bench.Reviews(change: row => row with { Label = null }), "no labelled rows"),
            _ => (_bench.Reviews(), "precision 'int8': expected fp32 or bf16"),
        };
        var work = _bench.Tuning(_bench.SmallBert(), dataset, Few);
        if (what == "precision")
            work = new(
                work.Step with
                {
                    Precision = "int8",
                },
                work.Artefacts,
                work.Progress,
                work.Checkpoints,
                work.Scratch,
                work.Stop
            );

        Assert.Contains(expected, Assert.Throws<BadInputException>(() => _bench.FineTuning.Handle(work)).Message);
    }

    private ModelRef Tune(FineTuningSpec spec, ModelRef? model = null, DatasetRef? dataset = null) =>
        Order(spec, model, dataset).Model!;

    private StepOutput Order(FineTuningSpec spec, ModelRef? model = null, DatasetRef? dataset = null) =>
        _bench.FineTuning.Handle(_bench.Tuning(model ?? _bench.SmallBert(), dataset ?? _bench.Reviews(), spec));
}
