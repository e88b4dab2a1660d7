using TorchSharp;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_a_very_small_bert_learns_labels
{
    private static readonly string Folder = GoldenFolders.Of("bert-sequence-classification")[0];
    private static readonly TrainingPlan Plan = new(
        Updates: 40,
        Batch: 4,
        LearningRate: 1e-3,
        new AdamWOptions(),
        EvaluateEvery: 20,
        CheckpointEvery: 10_000
    );

    [Fact]
    public void The_weighted_loss_is_the_weighted_mean_of_the_losses_of_the_rows()
    {
        using var scope = NewDisposeScope();
        var masks = new DropoutMasks(13);
        using var model = Open(masks, dropout: 0);
        var examples = Examples(3);
        var plain = Task(model, masks, examples);
        var weighted = Task(model, masks, examples with { Weights = [1, 0.5f, 3] });
        double Alone(int row) => plain.Loss([row], 0).item<float>();

        Assert.Equal((Alone(0) + Alone(1) + Alone(2)) / 3, plain.Loss([0, 1, 2], 0).item<float>(), 1e-5);
        Assert.Equal((Alone(0) + 0.5 * Alone(1) + 3 * Alone(2)) / 4.5, weighted.Loss([0, 1, 2], 0).item<float>(), 1e-5);
    }

    [Fact]
    public void Dropout_is_the_same_at_the_same_update_and_another_at_another()
    {
        using var scope = NewDisposeScope();
        var masks = new DropoutMasks(13);
        using var model = Open(masks, dropout: 0.3);
        var task = Task(model, masks, Examples(4));
        model.train();
        float Loss(long update) => task.Loss([0, 1, 2, 3], update).item<float>();

        Assert.Equal(Loss(5), Loss(5));
        Assert.NotEqual(Loss(5), Loss(6));
    }

    [Fact]
    public void The_selection_score_is_that_of_its_own_predictions()
    {
        using var scope = NewDisposeScope();
        var masks = new DropoutMasks(13);
        using var model = Open(masks, dropout: 0);
        model.eval();
        var dev = Examples(150);
        var predicted = dev
            .Tokens.Select(tokens => (int)model.call(TokenBatch.Of([tokens], 0)).argmax(1).item<long>())
            .ToList();
        var truth = dev.Targets.Select(target => (int)target).ToList();
        double Score(string metric) => Task(model, masks, Examples(4), dev, metric).Score(default)!.Value;

        Assert.Equal(truth.Zip(predicted).Count(pair => pair.First == pair.Second) / 150.0, Score("accuracy"), 1e-9);
        Assert.Equal(SelectionScore.Of("macroF1", truth, predicted, 3), Score("macroF1"), 1e-9);
        var rows = Enumerable.Range(0, 150).ToList();
        Assert.Equal(-Task(model, masks, dev).Loss(rows, 0).item<float>(), Score("loss"), 1e-5);
    }

    [Fact]
    public void Neither_tensors_nor_memory_grow_over_five_hundred_updates()
    {
        var masks = new DropoutMasks(13);
        using var model = Open(masks, dropout: 0.1);
        var task = new Watched(Task(model, masks, Examples(64), Examples(32)));
        long tensors = 0,
            memory = 0;
        task.AtUpdate = update =>
        {
            if (update == 100)
                (tensors, memory) = (Live(), Environment.WorkingSet);
            if (update == 599)
            {
                Assert.Equal(tensors, Live());
                Assert.InRange(Environment.WorkingSet - memory, long.MinValue, 32 << 20);
            }
        };
        new TrainingLoop(task, Plan with { Updates = 600 }, new KeptCheckpoints()).Run(default);

        static long Live() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
    }

    private static SequenceClassification Open(DropoutMasks masks, double dropout) =>
        SequenceClassification.Open(Folder, new ModelSettings { Masks = masks, Dropout = dropout });

    private static SequenceTask Task(
        SequenceClassification model,
        DropoutMasks masks,
        TrainingExamples train,
        TrainingExamples? dev = null,
        string selectBy = "accuracy"
    ) => new(model, masks, padId: 0, train, dev, selectBy);

    private static TrainingExamples Examples(int count)
    {
        var random = new CounterRandom(13, "examples");
        var tokens = Enumerable.Range(0, count).Select(_ => Sequence(3 + random.NextInt(30))).ToList();
        return new(tokens, [.. tokens.Select(sequence => (float)(sequence.Ids[1] % 3))]);

        TokenSequence Sequence(int length) =>
            new([.. Enumerable.Range(0, length).Select(_ => 5 + random.NextInt(895))], length);
    }

    private sealed class Watched(ITrainingTask task) : ITrainingTask
    {
        public Action<long> AtUpdate { get; set; } = _ => { };
        public nn.Module Model => task.Model;
        public IReadOnlyList<int> Lengths => task.Lengths;

        public Tensor Loss(IReadOnlyList<int> rows, long update)
        {
            AtUpdate(update);
            return task.Loss(rows, update);
        }

        public double? Score(CancellationToken stop) => task.Score(stop);
    }
}

public sealed class When_predictions_are_scored_for_selection
{
    // Confusion, rows true: a: 3 right, 1 as b; b: 1 right, 1 as a; c: 2 right, 1 as a.
    private static readonly int[] Truth = [0, 0, 0, 0, 1, 1, 2, 2, 2];
    private static readonly int[] Predicted = [0, 0, 0, 1, 1, 0, 2, 2, 0];

    [Fact]
    public void The_scores_are_those_computed_by_hand()
    {
        Assert.Equal(6 / 9.0, SelectionScore.Of("accuracy", Truth, Predicted, 3), 1e-12);
        // F1: a 2·3/(4+5), b 2·1/(2+2), c 2·2/(3+2).
        Assert.Equal((6 / 9.0 + 0.5 + 0.8) / 3, SelectionScore.Of("macroF1", Truth, Predicted, 3), 1e-12);
        // (6·9 − (4·5 + 2·2 + 3·2)) / √((81 − 29)(81 − 33)).
        Assert.Equal(24 / Math.Sqrt(52 * 48), SelectionScore.Of("matthews", Truth, Predicted, 3), 1e-12);
    }

    [Fact]
    public void The_F1_of_two_labels_is_that_of_the_second()
    {
        Assert.Equal(2 * 2 / 5.0, SelectionScore.Of("f1", [0, 1, 1, 0, 1], [0, 1, 1, 0, 0], 2), 1e-12);
        Assert.Equal(0, SelectionScore.Of("f1", [0, 0], [0, 0], 2));
    }

    [Fact]
    public void One_label_for_all_has_no_correlation()
    {
        Assert.Equal(0, SelectionScore.Of("matthews", [0, 1, 0], [0, 0, 0], 2));
    }

    [Fact]
    public void A_label_that_nobody_has_is_left_out_of_the_mean()
    {
        Assert.Equal(1, SelectionScore.Of("macroF1", [0, 1], [0, 1], 5));
    }
}
