using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_weights_are_averaged
{
    private const double Decay = 0.9;
    private static readonly TrainingPlan Plan = new(
        Updates: 30,
        Batch: 8,
        LearningRate: 0.01,
        new AdamWOptions(),
        EvaluateEvery: 7,
        CheckpointEvery: 10,
        AverageDecay: Decay
    );

    [Fact]
    public void What_is_kept_is_the_average_computed_by_hand()
    {
        using var task = new SmallTask(selects: false);
        var seen = new List<float[]>();
        task.AtUpdate = _ => seen.Add(Weights(task));
        Train(task, Plan with { AverageDecay = null });
        seen.Add(Weights(task));
        var average = seen[1].Select(weight => (double)weight).ToArray();
        foreach (var weights in seen.Skip(2))
            for (var i = 0; i < average.Length; i++)
                average[i] = Decay * average[i] + (1 - Decay) * weights[i];

        using var averaged = new SmallTask(selects: false);
        var result = Train(averaged, Plan);

        Assert.Equal(30, result.Kept);
        Assert.All(average.Zip(Weights(averaged)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.NotEqual(task.Bytes(), averaged.Bytes());
    }

    [Fact]
    public void A_decay_of_nothing_changes_no_bit()
    {
        using var plain = new SmallTask();
        using var averaged = new SmallTask();

        Assert.Equal(
            Train(plain, Plan with { AverageDecay = null }) with
            {
                Seconds = 0,
            },
            Train(averaged, Plan with { AverageDecay = 0 }) with
            {
                Seconds = 0,
            }
        );
        Assert.Equal(plain.Bytes(), averaged.Bytes());
    }

    [Fact]
    public void What_is_scored_is_what_is_kept_and_training_goes_on_from_its_own_weights()
    {
        using var task = new SmallTask();
        var result = Train(task, Plan with { LearningRate = 0.3, Updates = 60 });
        Assert.Equal(result.Score, task.Score(default));

        using var plain = new SmallTask(selects: false);
        using var scored = new SmallTask();
        var (alone, beside) = (new List<float[]>(), new List<float[]>());
        plain.AtUpdate = _ => alone.Add(Weights(plain));
        scored.AtUpdate = _ => beside.Add(Weights(scored));
        Train(plain, Plan with { AverageDecay = null });
        Train(scored, Plan);
        Assert.Equal(alone, beside);
    }

    [Fact]
    public void From_every_checkpoint_it_ends_with_the_same_bytes()
    {
        var checkpoints = new KeptCheckpoints();
        using var whole = new SmallTask();
        var result = Train(whole, Plan, checkpoints);
        Assert.Equal(3, checkpoints.Kept.Count);

        while (checkpoints.Kept.Count > 0)
        {
            using var resumed = new SmallTask();
            var again = Train(resumed, Plan with { CheckpointEvery = int.MaxValue }, checkpoints);
            Assert.Equal(whole.Bytes(), resumed.Bytes());
            Assert.Equal(result with { Seconds = 0 }, again with { Seconds = 0 });
            checkpoints.Kept.RemoveAt(checkpoints.Kept.Count - 1);
        }
    }

    [Fact]
    public void A_store_that_keeps_the_model_at_a_checkpoint_keeps_the_average()
    {
        using var task = new SmallTask(selects: false);
        var store = new Watching(task);
        Train(task, Plan, store);

        Assert.Equal([10, 20, 30], store.Seen.Keys);
        Assert.Equal(task.Bytes(), store.Seen[30]);
        using var shorter = new SmallTask(selects: false);
        var stopped = new Watching(shorter) { StopAfter = 20 };
        Assert.Throws<OperationCanceledException>(() => Train(shorter, Plan, stopped, stopped.Stop.Token));
        Assert.Equal(store.Seen[20], stopped.Seen[20]);
    }

    private static float[] Weights(SmallTask task) =>
        [.. task.Network.parameters().SelectMany(weights => weights.data<float>().ToArray())];

    private static TrainingResult Train(
        SmallTask task,
        TrainingPlan plan,
        ITrainingCheckpoints? checkpoints = null,
        CancellationToken stop = default
    ) => new TrainingLoop(task, plan, checkpoints ?? new KeptCheckpoints()).Run(stop);

    /// <summary>Sees the model as it is when a checkpoint is stored.</summary>
    private sealed class Watching(SmallTask task) : ITrainingCheckpoints
    {
        public SortedDictionary<long, byte[]> Seen { get; } = [];
        public CancellationTokenSource Stop { get; } = new();
        public long StopAfter { get; init; } = long.MaxValue;

        public string Scratch => Path.GetTempPath();

        public void Save(long update, string folder)
        {
            Seen[update] = task.Bytes();
            if (update >= StopAfter)
                Stop.Cancel();
        }

        public long? Restore(string folder) => null;
    }
}
