using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Training.Tests.FineTuning;

public sealed class When_pairs_of_texts_train_an_encoder : IDisposable
{
    private static readonly FineTuningSpec Pairs = new()
    {
        Strategy = "contrastive",
        Updates = 20,
        Batch = 8,
        LearningRate = 1e-3,
        CheckpointEvery = 5,
    };

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_stored_classifier_reads_the_tuned_encoder()
    {
        var dataset = _bench.Reviews(train: 16);
        var tuned = Tune(Pairs with { Updates = 100 }, dataset);
        var frozen = Tune(new() { Strategy = "frozen" }, dataset);

        Assert.True(Gap(tuned, dataset) > Gap(frozen, dataset) + 0.2);
        var card = _bench.Card(tuned);
        Assert.Equal(
            ("contrastive", "none", 16, 0, 100),
            (card.Strategy, card.SelectedOn, card.LabelsTrain, card.LabelsDev, card.Updates)
        );
        Assert.Equal(["train"], card.Ancestry.Select(use => use.Split.Name));
    }

    [Fact]
    public void One_epoch_of_all_pairs_is_what_it_does_where_no_length_is_named()
    {
        // 16 texts, 8 of each label: 56 pairs of one label and 64 of two, so 128 with the former repeated.
        var labels = _bench.Rows(_bench.Reviews(train: 16), "train").CountBy(row => row.Label!).ToList();
        var same = labels.Sum(label => label.Value * (label.Value - 1) / 2);
        var most = Math.Max(same, 120 - same);
        var card = _bench.Card(Tune(Pairs with { Updates = null }, _bench.Reviews(train: 16)));

        Assert.Equal((2 * most + 7) / 8, card.Updates);
        Assert.Contains(card.Notes, note => note.Contains($"{2 * most} pairs"));
    }

    [Fact]
    public void Neither_dev_nor_unlabelled_texts_are_read() =>
        Assert.Equal(
            Tune(Pairs, _bench.Reviews(train: 16)).Files,
            Tune(Pairs, _bench.Reviews(train: 16, dev: 0, unlabelled: 10)).Files
        );

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public void Stopped_and_resumed_it_leaves_the_same_bytes(int at)
    {
        var (model, dataset) = (_bench.SmallBert(), _bench.Reviews(train: 16));
        var whole = _bench.FineTuning.Handle(_bench.Tuning(model, dataset, Pairs)).Model!;
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
            var work = _bench.Tuning(model, dataset, Pairs, checkpoints, progress, stop.Token);
            Assert.Throws<OperationCanceledException>(() => _bench.FineTuning.Handle(work));
        }

        Assert.Equal(
            whole.Files,
            _bench.FineTuning.Handle(_bench.Tuning(model, dataset, Pairs, checkpoints)).Model!.Files
        );
    }

    [Fact]
    public void Texts_of_one_label_alone_are_refused() =>
        Assert.Contains(
            "no train row of 'reviews' has the label",
            Assert.Throws<BadInputException>(() => Tune(Pairs, _bench.Reviews(train: 1))).Message
        );

    /// <summary>Mean cosine of the embeddings of texts of one label, less that of two.</summary>
    private double Gap(ModelRef model, DatasetRef dataset)
    {
        var rows = _bench.Rows(dataset, "train").ToList();
        var folder = Path.Combine(_bench.Open(model), BaselineFolder.Encoder);
        using var embedder = TransformerEmbedder.Open(folder, 64);
        var vectors = embedder.Embed([.. rows.Select(row => new ModelText(row.Text))]);
        var pairs = (
            from first in Enumerable.Range(0, rows.Count)
            from second in Enumerable.Range(0, first)
            select (
                Same: rows[first].Label == rows[second].Label,
                Cosine: vectors[first].Zip(vectors[second], (a, b) => a * b).Sum()
            )
        ).ToList();
        return pairs.Where(pair => pair.Same).Average(pair => pair.Cosine)
            - pairs.Where(pair => !pair.Same).Average(pair => pair.Cosine);
    }

    private ModelRef Tune(FineTuningSpec spec, DatasetRef dataset) =>
        _bench.FineTuning.Handle(_bench.Tuning(_bench.SmallBert(), dataset, spec)).Model!;
}
