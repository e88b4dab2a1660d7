using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Training.Tests.FineTuning;

public sealed class When_unlabelled_text_teaches_too : IDisposable
{
    private static readonly FineTuningSpec Few = new()
    {
        Updates = 8,
        Batch = 8,
        LearningRate = 1e-3,
        EvaluateEvery = 4,
        CheckpointEvery = 4,
        Rounds = 2,
        Threshold = 0.5,
        Passes = 3,
        Drawn = 20,
        Guard = false,
    };

    private readonly Bench _bench = new();

    /// <summary>Every strategy there is.</summary>
    public static TheoryData<string> All =>
        ["none", "frozen-features", "contrastive", .. Strategies.Select(row => row.Data)];

    public static TheoryData<string> Strategies => ["frozen", "tuned", "ust", "consistency"];

    public void Dispose() => _bench.Dispose();

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Its_model_tells_the_labels_apart_and_its_card_what_it_read(string strategy)
    {
        var trained = Tune(Of(strategy));
        var card = _bench.Card(trained);

        using var classifier = Classifiers.Open(_bench.Open(trained));
        Assert.Equal(["negative", "positive"], classifier.Labels);
        Assert.Equal(1, classifier.Predict([new("A warm and honest memoir.")])[0].Sum(), 1e-5);
        Assert.Equal(Of(strategy).Strategy, card.Strategy);
        Assert.Equal(48, card.LabelsTrain);
        Assert.Contains(card.Ancestry, use => use.Split.Name == "unlabelled" && use.Purpose == "training");
        Assert.Contains(card.Notes, note => note.Contains("unlabelled texts"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Labels_that_are_hidden_change_no_weight(string strategy)
    {
        var dataset = _bench.Reviews(unlabelled: 40);
        var hidden = dataset with
        {
            HiddenLabels = _bench.Hidden(dataset, row => row % 2 == 0 ? "positive" : "negative"),
        };
        var permuted = dataset with
        {
            HiddenLabels = _bench.Hidden(dataset, row => row % 3 == 0 ? "positive" : "negative"),
        };

        Assert.NotEqual(hidden.HiddenLabels, permuted.HiddenLabels);
        Assert.Equal(Tune(Of(strategy), hidden).Files, Tune(Of(strategy), permuted).Files);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void The_unlabelled_texts_do_change_them(string strategy) =>
        Assert.NotEqual(
            Tune(Of(strategy), _bench.Reviews(unlabelled: 40)).Files,
            Tune(Of(strategy), _bench.Reviews(unlabelled: 20)).Files
        );

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_pool_draws_as_many_as_it_names(string strategy)
    {
        var spec = Of(strategy) with { Pool = 12 };
        Assert.Equal(Tune(spec).Files, Tune(spec).Files);
        Assert.Contains(_bench.Card(Tune(spec)).Notes, note => note.Contains("12 unlabelled texts"));
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(1, 0)]
    public void Consistency_tells_how_many_texts_it_is_sure_of(double threshold, int sure) =>
        Assert.Contains(
            _bench.Card(Tune(Of("consistency") with { Threshold = threshold })).Notes,
            note => note.EndsWith($"in the end these are {sure} of the first 40.", StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("tuned", 3)]
    [InlineData("tuned", 11)]
    [InlineData("tuned", 20)]
    [InlineData("ust", 13)]
    [InlineData("ust", 25)]
    [InlineData("consistency", 5)]
    public void Stopped_and_resumed_it_leaves_the_same_bytes(string strategy, int at)
    {
        var (model, dataset) = (_bench.SmallBert(), _bench.Reviews(unlabelled: 40));
        var whole = _bench.FineTuning.Handle(_bench.Tuning(model, dataset, Of(strategy))).Model!;
        var checkpoints = _bench.Checkpoints();
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
            var work = _bench.Tuning(model, dataset, Of(strategy), checkpoints, progress, stop.Token);
            Assert.Throws<OperationCanceledException>(() => _bench.FineTuning.Handle(work));
        }
        Assert.NotEmpty(checkpoints.Positions);

        var resumed = _bench.FineTuning.Handle(_bench.Tuning(model, dataset, Of(strategy), checkpoints)).Model!;
        Assert.Equal(whole.Files, resumed.Files);
        Assert.Equal(_bench.Card(whole).Updates, _bench.Card(resumed).Updates);
        Assert.Equal(_bench.Card(whole).Notes, _bench.Card(resumed).Notes);
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("tuned")]
    [InlineData("ust")]
    public void A_guard_keeps_what_dev_finds_best(string strategy)
    {
        // A dev split whose labels are those that the teacher gives: no student can be better, and all but equals are worse.
        var dataset = _bench.Reviews(unlabelled: 40);
        var teacher = Tune(
            strategy == "frozen" ? new() { Strategy = "frozen" } : Few with { SelectOn = "none" },
            dataset
        );
        if (strategy == "frozen")
            teacher = Tune(Of(strategy) with { Threshold = 1 }, dataset);
        var mirrored = _bench.WithDev(dataset, Predict(teacher, dataset));
        var spec = Of(strategy) with { SelectOn = "dev", EvaluateEvery = 100 };

        var card = _bench.Card(Tune(spec with { Guard = true }, mirrored));
        Assert.Equal("dev", card.SelectedOn);
        Assert.Equal(1, card.Scores["accuracy"]);
        Assert.Contains(card.Ancestry, use => use.Split.Name == "dev" && use.Purpose == "selection");
    }

    [Fact]
    public void Without_unlabelled_texts_it_is_refused()
    {
        foreach (var strategy in Strategies.Select(row => row.Data))
            Assert.Contains(
                "step tuned: dataset reviews has no unlabelled split",
                Assert.Throws<BadInputException>(() => Tune(Of(strategy), _bench.Reviews())).Message,
                StringComparison.OrdinalIgnoreCase
            );
    }

    [Theory]
    [InlineData("contrastive")]
    [InlineData("frozen")]
    [InlineData("tuned")]
    [InlineData("ust")]
    [InlineData("consistency")]
    public void A_label_without_an_example_is_refused(string strategy)
    {
        var reviews = _bench.Reviews(unlabelled: 20);
        var lacking = _bench.With(
            reviews,
            "train",
            [.. _bench.Rows(reviews, "train").Where(row => row.Label == "positive")]
        );

        Assert.Contains(
            "no train row of 'reviews' has the label negative",
            Assert.Throws<BadInputException>(() => Tune(Of(strategy), lacking)).Message
        );
    }

    [Fact]
    public void Vectors_of_texts_are_computed_once_and_change_no_byte()
    {
        // So few texts as the other tests have are embedded as soon as they are found.
        var (spec, dataset) = (Of("frozen") with { Rounds = 1 }, _bench.Reviews(unlabelled: 240));
        var model = _bench.SmallBert();
        Assert.Equal(0, KeptFiles());

        var first = _bench.FineTuning.Handle(_bench.Tuning(model, dataset, spec)).Model!;
        var once = KeptFiles();
        var second = _bench.FineTuning.Handle(_bench.Tuning(model, dataset, spec)).Model!;
        var other = _bench.FineTuning.Handle(_bench.Tuning(model, dataset, spec with { C = 1 })).Model!;

        Assert.Equal(1, once);
        Assert.Equal(1, KeptFiles());
        Assert.Equal(first.Files, second.Files);
        Assert.NotEqual(first.Files, other.Files);

        int KeptFiles() => _bench.KeptCount();
    }

    [Fact]
    public void A_guard_without_dev_is_refused() =>
        Assert.Contains(
            "'guard' compares students on the dev split",
            Assert
                .Throws<BadInputException>(() =>
                    Tune(Of("tuned") with { Guard = true, SelectOn = "dev" }, _bench.Reviews(unlabelled: 20, dev: 0))
                )
                .Message
        );

    [Fact]
    public void A_text_of_dev_in_the_pool_is_refused()
    {
        var dataset = _bench.Reviews(unlabelled: 20);
        var dev = _bench.Rows(dataset, "dev").First();
        var leaking = _bench.With(
            dataset,
            "unlabelled",
            [.. _bench.Rows(dataset, "unlabelled"), dev with { Id = "u" }]
        );

        Assert.Contains(
            $"row u of unlabelled has the text of row {dev.Id} of dev",
            Assert.Throws<BadInputException>(() => Tune(Of("consistency"), leaking)).Message
        );
    }

    [Fact]
    public void Ust_is_refused_where_the_model_drops_nothing() =>
        Assert.Contains(
            "has no dropout",
            Assert
                .Throws<BadInputException>(() =>
                    _bench.FineTuning.Handle(
                        _bench.Tuning(
                            _bench.Golden("bert-sequence-classification"),
                            _bench.Reviews(unlabelled: 20),
                            Of("ust")
                        )
                    )
                )
                .Message
        );

    private static FineTuningSpec Of(string strategy) =>
        strategy == "frozen-features" ? Few with { Strategy = "frozen", SelectOn = "none" }
        : strategy is "frozen" or "tuned"
            ? Few with
            {
                Strategy = "self-training",
                Teacher = strategy,
                SelectOn = "none",
            }
        : Few with { Strategy = strategy, SelectOn = "none" };

    private IReadOnlyList<string> Predict(ModelRef model, DatasetRef dataset)
    {
        using var classifier = Classifiers.Open(_bench.Open(model));
        return
        [
            .. classifier
                .Predict([.. _bench.Texts(dataset, "dev").Select(text => new ModelText(text))])
                .Select(row => classifier.Labels[Array.IndexOf(row, row.Max())]),
        ];
    }

    private ModelRef Tune(FineTuningSpec spec, DatasetRef? dataset = null) =>
        _bench
            .FineTuning.Handle(_bench.Tuning(_bench.SmallBert(), dataset ?? _bench.Reviews(unlabelled: 40), spec))
            .Model!;
}
