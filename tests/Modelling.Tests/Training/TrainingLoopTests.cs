using TorchSharp;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_a_small_network_is_trained
{
    private static readonly TrainingPlan Plan = new(
        Updates: 60,
        Batch: 8,
        LearningRate: 0.01,
        new AdamWOptions(),
        EvaluateEvery: 7,
        CheckpointEvery: 10
    );

    [Fact]
    public void It_learns()
    {
        using var task = new SmallTask(selects: false);
        var result = Train(task, Plan with { Updates = 300 });

        Assert.True(result.Loss < 0.4, $"loss {result.Loss}");
        Assert.Equal(300, result.Updates);
        Assert.Equal(300, result.Kept);
        Assert.Null(result.Score);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(23)]
    [InlineData(59)]
    public void Stopped_at_an_update_and_resumed_it_ends_with_the_same_bytes(int at)
    {
        using var whole = new SmallTask();
        var uninterrupted = Train(whole, Plan);

        var checkpoints = new KeptCheckpoints();
        using (var first = new SmallTask())
        using (var stop = new CancellationTokenSource())
        {
            first.AtUpdate = update =>
            {
                if (update == at - 1)
                    stop.Cancel();
            };
            Assert.Throws<OperationCanceledException>(() => Train(first, Plan, checkpoints, stop.Token));
        }
        Assert.Equal(at, checkpoints.Kept[^1].Update);

        using var second = new SmallTask();
        var updates = 0;
        second.AtUpdate = _ => updates++;
        var resumed = Train(second, Plan, checkpoints);

        Assert.Equal(60 - at, updates);
        Assert.Equal(whole.Bytes(), second.Bytes());
        Assert.Equal(uninterrupted with { Seconds = 0 }, resumed with { Seconds = 0 });
        Assert.True(resumed.Seconds > 0);
    }

    [Fact]
    public void A_checkpoint_of_each_interval_leads_to_the_same_bytes()
    {
        var checkpoints = new KeptCheckpoints();
        using var whole = new SmallTask();
        Train(whole, Plan, checkpoints);
        Assert.Equal([10, 20, 30, 40, 50, 60], checkpoints.Kept.Select(kept => kept.Update));

        while (checkpoints.Kept.Count > 0)
        {
            using var resumed = new SmallTask();
            Train(resumed, Plan, checkpoints, saves: false);
            Assert.Equal(whole.Bytes(), resumed.Bytes());
            checkpoints.Kept.RemoveAt(checkpoints.Kept.Count - 1);
        }
    }

    [Fact]
    public void Another_training_beside_it_changes_no_byte()
    {
        using var alone = new SmallTask();
        Train(alone, Plan);

        using var beside = new SmallTask();
        using var started = new ManualResetEventSlim();
        var ended = 0;
        var neighbour = new Thread(() =>
        {
            using var other = new SmallTask(seed: 21);
            other.AtUpdate = _ => started.Set();
            while (Volatile.Read(ref ended) == 0)
                Train(other, Plan with { OrderSeed = 99 });
        });
        neighbour.Start();
        started.Wait();
        Train(beside, Plan);
        Volatile.Write(ref ended, 1);
        neighbour.Join();

        Assert.Equal(alone.Bytes(), beside.Bytes());
    }

    [Fact]
    public void The_best_weights_are_restored()
    {
        using var task = new SmallTask();
        var result = Train(task, Plan with { LearningRate = 0.5, Updates = 200 });

        task.Model.eval();
        Assert.Equal(result.Score, task.Score(default));
        Assert.True(result.Kept % 7 == 0 || result.Kept == 200);
    }

    [Fact]
    public void It_stops_when_patience_runs_out()
    {
        using var task = new SmallTask();
        var result = Train(task, Plan with { LearningRate = 0, Patience = 3 });

        // Nothing is learned: the score after update 7 stays the best, three more follow.
        Assert.Equal(28, result.Updates);
        Assert.Equal(7, result.Kept);
    }

    [Fact]
    public void Progress_tells_loss_score_and_time_left()
    {
        using var task = new SmallTask();
        var reports = new List<TrainingProgress>();
        new TrainingLoop(task, Plan, new KeptCheckpoints(), new Listener(reports.Add)).Run(default);

        Assert.Equal(Enumerable.Range(1, 60).Select(update => (long)update), reports.Select(report => report.Update));
        Assert.All(
            reports,
            report => Assert.True(report.Loss > 0 && report.Updates == 60 && report.Left >= TimeSpan.Zero)
        );
        Assert.Null(reports[5].Score);
        Assert.NotNull(reports[7].Score);
    }

    [Theory]
    [InlineData("order")]
    [InlineData("decay")]
    [InlineData("l2")]
    [InlineData("clip")]
    [InlineData("warm-up")]
    [InlineData("window")]
    [InlineData("batch")]
    public void Every_option_changes_the_weights(string option)
    {
        using var plain = new SmallTask(selects: false);
        Train(plain, Plan);
        using var other = new SmallTask(selects: false);
        Train(
            other,
            option switch
            {
                "order" => Plan with { OrderSeed = 14 },
                "decay" => Plan with { Optimiser = Plan.Optimiser with { WeightDecay = 0 } },
                "l2" => Plan with { Optimiser = Plan.Optimiser with { L2 = 0.01 } },
                "clip" => Plan with { Optimiser = Plan.Optimiser with { ClipNorm = 0.01 } },
                "warm-up" => Plan with { WarmUp = 0.5 },
                "window" => Plan with { LengthWindow = 1 },
                _ => Plan with { Batch = 4 },
            }
        );

        Assert.NotEqual(plain.Bytes(), other.Bytes());
    }

    [Fact]
    public void Neither_tensors_nor_memory_grow_over_five_hundred_updates()
    {
        using var task = new SmallTask();
        Train(task, Plan);
        long tensors = 0,
            memory = 0;
        task.AtUpdate = update =>
        {
            if (update == 100)
                (tensors, memory) = (Live(), Environment.WorkingSet);
            if (update == 599)
            {
                Assert.Equal(tensors, Live());
                Assert.InRange(Environment.WorkingSet - memory, long.MinValue, 16 << 20);
            }
        };
        Train(task, Plan with { Updates = 600, CheckpointEvery = 10_000 });

        static long Live() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_it_by_step_rate_and_batch_and_saves_nothing_more()
    {
        using var task = new SmallTask(selects: false);
        task.AtUpdate = update =>
        {
            if (update != 24)
                return;
            using var none = torch.no_grad();
            task.Network.parameters().First().fill_(double.NaN);
        };
        var checkpoints = new KeptCheckpoints();

        var plan = Plan with { Batch = 3, WarmUp = 0, LearningRate = 0.06 };
        var loop = new TrainingLoop(task, plan, checkpoints, idOf: row => $"train-{row}");
        var fault = Assert.Throws<BadInputException>(() => loop.Run(default));

        var batch = new BatchOrder(task.Lengths, 3, plan.LengthWindow, plan.OrderSeed).At(24);
        var ids = string.Join(", ", batch.Select(row => $"train-{row}"));
        Assert.StartsWith(
            $"update 25 of 60: the loss is NaN, expected a finite number; learning rate 3.6e-2, examples {ids}.",
            fault.Message
        );
        Assert.Equal([10, 20], checkpoints.Kept.Select(kept => kept.Update));
    }

    [Fact]
    public void So_does_a_gradient_that_is_none()
    {
        using var task = new RootOfNothing();
        var checkpoints = new KeptCheckpoints();

        var loop = new TrainingLoop(task, Plan with { Batch = 100, CheckpointEvery = 1 }, checkpoints);
        var fault = Assert.Throws<BadInputException>(() => loop.Run(default));

        Assert.StartsWith("update 1 of 60: the norm of the gradient is ", fault.Message);
        Assert.Contains(" and 36 others. Nothing is saved", fault.Message);
        Assert.Empty(checkpoints.Kept);
    }

    private static TrainingResult Train(
        SmallTask task,
        TrainingPlan plan,
        KeptCheckpoints? checkpoints = null,
        CancellationToken stop = default,
        bool saves = true
    ) =>
        new TrainingLoop(
            task,
            saves ? plan : plan with { CheckpointEvery = int.MaxValue },
            checkpoints ?? new KeptCheckpoints()
        ).Run(stop);

    /// <summary>The root of 0, whose slope is infinite.</summary>
    private sealed class RootOfNothing : ITrainingTask, IDisposable
    {
        private readonly SmallNetwork _network = new(4, new CounterRandom(13, "root"));

        public torch.nn.Module Model => _network;
        public IReadOnlyList<int> Lengths { get; } = [.. Enumerable.Repeat(5, 100)];

        public torch.Tensor Loss(IReadOnlyList<int> rows, long update) =>
            _network.parameters().First().mul(0).sum().sqrt();

        public double? Score(CancellationToken stop) => null;

        public void Dispose() => _network.Dispose();
    }

    private sealed class Listener(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
