using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Training.Tests.FineTuning;

public sealed class When_features_stay_frozen : IDisposable
{
    private static readonly FineTuningSpec Frozen = new() { Strategy = "frozen" };

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_stored_classifier_gives_each_text_probabilities_of_the_datasets_labels()
    {
        var trained = Tune(Frozen);

        using var classifier = Classifiers.Open(_bench.Open(trained));
        Assert.Equal(["negative", "positive"], classifier.Labels);
        Assert.All(
            classifier.Predict([new("A funny, warm and honest memoir."), new("The tour was badly organised.")]),
            row => Assert.Equal(1, row.Sum(), 1e-5)
        );
    }

    [Fact]
    public void The_head_is_at_the_optimum_of_its_loss()
    {
        var dataset = _bench.Reviews();
        var trained = Tune(Frozen, dataset: dataset);
        var rows = Datasets.SplitReader.Read(_bench.Path(dataset.Find("train")!.Content.Hash)).ToList();
        ModelText[] texts = [.. rows.Select(row => new ModelText(row.Text))];
        using var embedder = TransformerEmbedder.Open(_bench.Open(_bench.SmallBert()), 128);
        using var classifier = Classifiers.Open(_bench.Open(trained));
        var vectors = embedder.Embed(texts);
        var positive = classifier.Predict(texts).Select(row => (double)row[1]).ToArray();

        // At the optimum of C · Σ log loss + ½‖w‖² the weights are w = Σ (y − p) x, and Σ (y − p) = 0 for the bias.
        var residuals = rows.Select((row, i) => (row.Label == "positive" ? 1 : 0) - positive[i]).ToArray();
        Assert.Equal(0, residuals.Sum(), 1e-4);
        var weights = Enumerable
            .Range(0, embedder.Width)
            .Select(j => residuals.Select((r, i) => r * vectors[i][j]).Sum());
        var margins = positive.Select(p => Math.Log(p / (1 - p))).ToArray();
        var scores = vectors.Select(vector => vector.Zip(weights, (x, w) => x * w).Sum()).ToArray();
        var bias = margins[0] - scores[0];
        Assert.All(margins.Zip(scores), pair => Assert.Equal(pair.First, pair.Second + bias, 1e-3));
    }

    [Fact]
    public void The_dev_split_is_not_read()
    {
        var card = _bench.Card(Tune(Frozen));

        Assert.Equal(
            ("frozen", "none", 48, 0, 0),
            (card.Strategy, card.SelectedOn, card.LabelsTrain, card.LabelsDev, card.Updates)
        );
        Assert.Equal(["train"], card.Ancestry.Select(use => use.Split.Name));
        Assert.Equal(Tune(Frozen).Files, Tune(Frozen, dataset: _bench.Reviews(dev: 0)).Files);
    }

    [Fact]
    public void Random_weights_make_another_encoder()
    {
        var random = Tune(Frozen with { Weights = "random" });

        Assert.NotEqual(Tune(Frozen).Files, random.Files);
        Assert.Equal(random.Files, Tune(Frozen with { Weights = "random" }, _bench.SmallBert(seed: 99)).Files);
        using var classifier = Classifiers.Open(_bench.Open(random));
        Assert.Equal(2, classifier.Labels.Count);
    }

    [Fact]
    public void Its_encoder_can_be_tuned_further()
    {
        var frozen = Tune(Frozen);
        var tuned = Tune(new FineTuningSpec { Updates = 2, Batch = 8 }, frozen);

        Assert.Equal(
            Tune(new FineTuningSpec { Updates = 2, Batch = 8 }).Files["model.safetensors"],
            tuned.Files["model.safetensors"]
        );
    }

    [Fact]
    public void Numbers_are_refused()
    {
        var dataset = _bench.Reviews(change: row => row with { Label = "1.5" }, task: TaskType.Regression, dev: 0);

        Assert.Contains(
            "reviews is for Regression",
            Assert.Throws<BadInputException>(() => Tune(Frozen, dataset: dataset)).Message
        );
    }

    private ModelRef Tune(FineTuningSpec spec, ModelRef? model = null, DatasetRef? dataset = null) =>
        _bench.FineTuning.Handle(_bench.Tuning(model ?? _bench.SmallBert(), dataset ?? _bench.Reviews(), spec)).Model!;
}
