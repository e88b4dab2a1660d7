using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;
using TransferPipeline.Training.Baselines;

namespace TransferPipeline.Training.Tests.Baselines;

public sealed class When_a_baseline_order_arrives : IDisposable
{
    private static readonly string[] Labels = ["bad", "good"];

    private readonly TemporaryFolder _folder = new();
    private readonly FileArtefacts _artefacts;
    private readonly List<StepProgress> _progress = [];
    private readonly CancellationTokenSource _stop = new();

    public When_a_baseline_order_arrives() => _artefacts = new FileArtefacts(_folder["artefacts"], TimeProvider.System);

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("linear-svm", "tf-idf", null)]
    [InlineData("random-forest", "tf-idf", 21L)]
    [InlineData("logistic", "tf-idf", null)]
    [InlineData("linear-svm", "encoder", null)]
    [InlineData("random-forest", "encoder", 21L)]
    public void The_stored_model_knows_the_training_sentences(string algorithm, string features, long? seed)
    {
        var dataset = Store(Examples());

        var (model, card) = Train(dataset, algorithm, features == "tf-idf" ? null : StoreEncoder());

        using var opened = Open(model);
        Assert.Equal(
            Examples().Select(example => example.Label),
            opened.Predict([.. Examples().Select(example => new ModelText(example.Text))]).Select(Winner)
        );
        Assert.Equal(
            (algorithm, "none", seed, "none", 6, 0, 0),
            (card.Root, card.Strategy, card.Seed, card.SelectedOn, card.LabelsTrain, card.LabelsDev, card.Updates)
        );
        Assert.Equal(Labels, card.Labels);
        Assert.Equal(dataset.Find("train")!.Id, card.Ancestry[^1].Split.Id);
        Assert.Equal("training", card.Ancestry[^1].Purpose);
        Assert.All(_progress, report => Assert.InRange(report.Done, 0, 1));
        Assert.NotEmpty(_progress);
    }

    [Fact]
    public void Terms_of_unlabelled_texts_are_counted_where_that_is_asked_for()
    {
        var dataset = Store(Examples(), unlabelled: ["an utterly charming comedy", "charming and good"]);

        var (plain, card) = Train(dataset, "linear-svm");
        var (counted, countedCard) = Train(dataset, "linear-svm", vocabulary: "train-and-unlabelled");

        Assert.DoesNotContain("charming", Terms(plain));
        Assert.Contains("charming", Terms(counted));
        Assert.Superset(Terms(plain), Terms(counted));
        Assert.Equal(["train"], card.Ancestry.Select(use => use.Split.Name));
        Assert.Equal(["train", "unlabelled"], countedCard.Ancestry.Select(use => use.Split.Name));
        Assert.Equal(6, countedCard.LabelsTrain);
        Assert.Contains(
            "has no unlabelled split",
            Assert
                .Throws<BadInputException>(() =>
                    Train(Store(Examples()), "linear-svm", vocabulary: "train-and-unlabelled")
                )
                .Message
        );
    }

    [Fact]
    public void The_commonest_label_is_what_majority_predicts()
    {
        var (model, _) = Train(Store([.. Examples(), new("7", "poor", Label: "bad")]), "majority");

        using var opened = Open(model);
        var probabilities = Assert.Single(opened.Predict([new("a good film")]));
        Assert.Equal("bad", Winner(probabilities));
        Assert.Equal(4 / 7f, probabilities[0], tolerance: 1e-6f);
    }

    [Fact]
    public void Equal_orders_give_the_same_model()
    {
        var dataset = Store(Examples());

        Assert.Equal(
            Train(dataset, "random-forest").Model.Id,
            Train(dataset, "random-forest", scratch: "another").Model.Id
        );
    }

    [Fact]
    public void The_ancestry_of_the_encoder_is_part_of_the_models()
    {
        var pretraining = Store([new("1", "text without labels")], "reviews");

        var (_, card) = Train(
            Store(Examples()),
            "linear-svm",
            StoreEncoder(new SplitUse("reviews", pretraining.Find("train")!, "training"))
        );

        Assert.Equal(["reviews", "opinions"], card.Ancestry.Select(use => use.Dataset));
        Assert.Contains("Features: L2-normalised mean embeddings of tiny.", card.Notes);
    }

    [Fact]
    public void Rows_without_a_label_are_not_read()
    {
        var dataset = Store([.. Examples(), new("7", "unlabelled but long")]);

        var (model, card) = Train(dataset, "linear-svm");

        Assert.Equal(6, card.LabelsTrain);
        using var opened = Open(model);
        Assert.DoesNotContain("unlabelled", ((TfIdf)((BaselineClassifier)opened).Features!).Terms);
    }

    [Fact]
    public void A_label_without_rows_is_noted()
    {
        var (_, card) = Train(Store(Examples(), labels: [.. Labels, "mixed"]), "random-forest");

        Assert.Contains("No training row has the label mixed.", card.Notes);
    }

    [Fact]
    public void A_dataset_without_labels_is_refused()
    {
        var failure = Assert.Throws<BadInputException>(() => Train(Store([new("1", "some text")]), "linear-svm"));

        Assert.Equal("opinions: a baseline needs labelled rows in the split train.", failure.Message);
    }

    [Fact]
    public void A_dataset_for_another_task_is_refused()
    {
        var dataset = Store(Examples()) with { Task = TaskType.Regression };

        var failure = Assert.Throws<BadInputException>(() => Train(dataset, "linear-svm"));

        Assert.Equal("opinions: a baseline needs a classification dataset, not Regression.", failure.Message);
    }

    [Fact]
    public void The_encoder_of_a_baseline_may_be_the_features_of_another()
    {
        var dataset = Store(Examples());
        var (first, _) = Train(dataset, "linear-svm", StoreEncoder());

        var (second, _) = Train(dataset, "linear-svm", first, "another");

        Assert.Equal(first.Id, second.Id);
    }

    [Fact]
    public void A_baseline_without_encoder_as_features_is_refused()
    {
        var dataset = Store(Examples());
        var (model, _) = Train(dataset, "linear-svm");

        var failure = Assert.Throws<BadInputException>(() => Train(dataset, "linear-svm", model, "another"));

        Assert.Equal(
            "Step svm: 'features' names a baseline without an encoder; expected tf-idf or a transformer.",
            failure.Message
        );
    }

    [Fact]
    public void A_stopped_step_leaves_no_model()
    {
        _stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => Train(Store(Examples()), "random-forest"));
    }

    private static Example[] Examples() =>
        [
            new("1", "a good film", Label: "good"),
            new("2", "good story, good actors", Label: "good"),
            new("3", "what a lovely, good evening", Label: "good"),
            new("4", "a bad film", Label: "bad"),
            new("5", "bad story, dull actors", Label: "bad"),
            new("6", "what a dull, bad evening", Label: "bad"),
        ];

    private (ModelRef Model, ModelCard Card) Train(
        DatasetRef dataset,
        string algorithm,
        ModelRef? encoder = null,
        string scratch = "scratch",
        string vocabulary = "train"
    )
    {
        var parameters = JsonSerializer.SerializeToNode(
            new BaselineSpec
            {
                Algorithm = algorithm,
                Vocabulary = vocabulary,
                Trees = 40,
                Seed = 21,
            },
            WireFormat.Options
        );
        var step = new StepDocument
        {
            Id = "run.svm",
            Run = "run",
            Name = "svm",
            Cell = new Dictionary<string, string>(),
            Uses = "baseline",
            Parameters = (JsonObject)parameters!,
            Inputs =
            [
                new("dataset", Dataset: dataset),
                .. encoder is null ? [] : (StepInput[])[new("features", Model: encoder)],
            ],
            Needs = [],
        };
        Directory.CreateDirectory(_folder[scratch]);
        var work = new StepWork(
            step,
            _artefacts,
            new Reports(_progress),
            new NoCheckpoints(),
            _folder[scratch],
            _stop.Token
        );

        var output = new BaselineHandler(Options.Create(new TrainingOptions()), (_, _) => new WordPresence()).Handle(
            work
        );

        return (output.Model!, work.Card(output.Model!));
    }

    private IClassifier Open(ModelRef model) =>
        BaselineClassifier.Open(
            ModelFolders.MaterialiseAsync(model, _artefacts, _folder["opened"]).GetAwaiter().GetResult(),
            (_, _) => new WordPresence()
        );

    private HashSet<string> Terms(ModelRef model)
    {
        using var opened = (BaselineClassifier)Open(model);
        return [.. ((TfIdf)opened.Features!).Terms];
    }

    private DatasetRef Store(
        Example[] examples,
        string name = "opinions",
        string[]? labels = null,
        string[]? unlabelled = null
    )
    {
        List<SplitRef> splits = [_artefacts.StoreSplit("train", examples)];
        if (unlabelled is not null)
            splits.Add(
                _artefacts.StoreSplit("unlabelled", unlabelled.Select((text, row) => new Example($"u{row}", text)))
            );
        return DatasetIdentity.Dataset(name, TaskType.Classification, labels ?? Labels, splits);
    }

    private ModelRef StoreEncoder(params SplitUse[] ancestry)
    {
        _folder.Write("encoder/config.json", "{}");
        var card = new ModelCard(
            "tiny",
            "none",
            13,
            "none",
            0,
            0,
            100,
            1,
            [],
            ancestry,
            new Dictionary<string, string>(),
            new Dictionary<string, double>(),
            []
        );
        return ModelFolders.StoreAsync(_folder["encoder"], card, _artefacts).GetAwaiter().GetResult();
    }

    private static string Winner(float[] probabilities) => Labels[Array.IndexOf(probabilities, probabilities.Max())];

    private sealed class Reports(List<StepProgress> reports) : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            lock (reports)
                reports.Add(value);
        }
    }

    private sealed class NoCheckpoints : IStepCheckpoints
    {
        public void Save(long position, string folder) => Assert.Fail("A baseline writes no checkpoint.");

        public long? Restore(string folder) => null;
    }

    /// <summary>An encoder that needs no files: which of four words a text contains.</summary>
    private sealed class WordPresence : IEmbedder
    {
        private static readonly string[] Words = ["good", "lovely", "bad", "dull"];

        public int Width => Words.Length;

        public IReadOnlyList<float[]> Embed(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default) =>
            [.. texts.Select(text => Words.Select(word => text.First.Contains(word) ? 1f : 0f).ToArray())];

        public void Dispose() { }
    }
}
