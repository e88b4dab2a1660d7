using TorchSharp;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_embeddings_are_moved_against_a_model
{
    private static readonly int[] Rows = [0, 1, 2, 3];
    private static readonly AdversarialOptions Options = new(Steps: 3, StepSize: 0.4, Start: 0, Radius: 0, Weight: 1);
    private static readonly TrainingPlan Plan = new(
        Updates: 6,
        Batch: 4,
        LearningRate: 1e-3,
        new AdamWOptions(),
        CheckpointEvery: 10_000
    );

    private static string Bert => TransferPipeline.TestKit.GoldenFolders.Of("bert-sequence-classification")[0];

    public static TheoryData<string> Architectures => Golden.Heads("sequence-classification");

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_architecture_sees_its_embeddings_moved(string folder)
    {
        using var scope = NewDisposeScope();
        var (model, task) = EightSequences.Open(folder, dropout: 0);
        using var opened = model;
        var none = zeros(Rows.Length, task.Lengths.Max(), model.Encoder.Width);

        // Half of the width: what all of it has in common a normalised layer does not see.
        var half = none.clone();
        half.narrow(2, 0, model.Encoder.Width / 2).fill_(0.5);

        Assert.Equal(0, Golden.Distance(task.Logits(Rows, 0), task.Logits(Rows, 0, none)));
        Assert.True(Golden.Distance(task.Logits(Rows, 0), task.Logits(Rows, 0, half)) > 1e-4);
        var moved = none.clone().requires_grad_();
        task.Loss(Rows, 0, moved).backward();
        Assert.True(moved.grad!.abs().sum([1, 2]).min().item<float>() > 0);
    }

    [Fact]
    public void One_pass_of_FreeLB_from_the_text_itself_is_plain_training() =>
        Assert.Equal(
            Trained((task, _) => task),
            Trained((task, model) => new FreeLbTask(task, model, Options with { Steps = 1 }, 13))
        );

    [Fact]
    public void The_gradient_of_FreeLB_is_the_mean_over_moves_up_the_loss()
    {
        using var scope = NewDisposeScope();
        var (model, task) = EightSequences.Open(Bert, dropout: 0.1);
        using var opened = model;
        model.train();
        var weight = model.parameters().Last();

        var expected = zeros_like(weight);
        var shift = zeros(Rows.Length, task.Lengths.Max(), model.Encoder.Width);
        var losses = new List<float>();
        for (var step = 0; step < 3; step++)
        {
            var moved = shift.detach().requires_grad_();
            var loss = task.Loss(Rows, 7, moved);
            losses.Add(loss.item<float>());
            var gradients = autograd.grad([loss], [weight, moved]);
            expected.add_(gradients[0].div(3));
            // Row by row, as every text has a move of its own.
            var next = shift.clone();
            for (var row = 0; row < Rows.Length; row++)
            {
                var up = gradients[1][row];
                next[row] = shift[row].add(up.div(Math.Sqrt(up.square().sum().item<float>())).mul(0.4));
                var length = Math.Sqrt(next[row].square().sum().item<float>());
                if (length > 0.6)
                    next[row] = next[row].mul(0.6 / length);
            }
            shift = next;
        }

        model.zero_grad();
        var mean = new FreeLbTask(task, model, Options with { Radius = 0.6 }, 13).Backward(Rows, 7);

        Assert.Equal(losses.Average(), mean, 1e-5);
        Assert.True(losses[0] < losses[1] && losses[1] < losses[2], "each move goes up the loss");
        Assert.True(Golden.Distance(expected, weight.grad!) < 1e-6);
    }

    [Fact]
    public void FreeLB_begins_where_its_seed_says()
    {
        string Begun(long seed, double start) =>
            Trained((task, model) => new FreeLbTask(task, model, Options with { Start = start }, seed));

        Assert.Equal(Begun(13, 0.6), Begun(13, 0.6));
        Assert.NotEqual(Begun(13, 0.6), Begun(14, 0.6));
        Assert.Equal(Begun(13, 0), Begun(14, 0));
        Assert.NotEqual(Begun(13, 0), Trained((task, _) => task));
    }

    [Fact]
    public void Without_weight_virtual_adversarial_training_is_plain_training()
    {
        string Weighted(double weight) =>
            Trained(
                (task, model) =>
                    new VirtualAdversarialTask(task, model, Options with { Radius = 1, Weight = weight }, 13)
            );

        Assert.Equal(Trained((task, _) => task), Weighted(0));
        Assert.NotEqual(Weighted(0), Weighted(1));
        Assert.Equal(Weighted(1), Weighted(1));
    }

    [Fact]
    public void Its_move_changes_the_answer_more_than_random_ones_of_its_length()
    {
        using var scope = NewDisposeScope();
        var (model, task) = EightSequences.Open(Bert, dropout: 0);
        using var opened = model;
        var plain = task.Loss(Rows, 0).item<float>();
        double Added(double radius, int steps) =>
            new VirtualAdversarialTask(task, model, Options with { Steps = steps, Radius = radius }, 13)
                .Loss(Rows, 0)
                .item<float>() - plain;

        using var none = no_grad();
        var target = task.Logits(Rows, 0).softmax(1);
        var random = new CounterRandom(5, "moves");
        var others = Enumerable.Range(0, 20).Select(_ => Divergence(Random())).ToList();
        using var again = enable_grad();
        Assert.True(Added(1, 5) > others.Max());
        Assert.Equal(0, Added(0, 1), 1e-6);

        Tensor Random()
        {
            var values = new float[Rows.Length * task.Lengths.Max() * model.Encoder.Width];
            foreach (ref var value in values.AsSpan())
                value = (float)(random.NextDouble() * 2 - 1);
            var shift = tensor(values, [Rows.Length, task.Lengths.Max(), model.Encoder.Width]);
            for (var row = 0; row < Rows.Length; row++)
                shift[row, task.Lengths[row]..] = 0f;
            return shift.div(shift.square().sum([1, 2], keepdim: true).sqrt());
        }

        double Divergence(Tensor shift)
        {
            var said = task.Logits(Rows, 0, shift).softmax(1);
            return target.mul(target.log().sub(said.log())).sum(1).mean().item<float>();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tensors_do_not_grow(bool freely)
    {
        var (model, inner) = EightSequences.Open(Bert, dropout: 0.1);
        using var opened = model;
        ITrainingTask task = freely
            ? new FreeLbTask(inner, model, Options with { Radius = 0.5 }, 13)
            : new VirtualAdversarialTask(inner, model, Options with { Radius = 1 }, 13);
        Update(0);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var update = 1; update < 5; update++)
            Update(update);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Update(long update)
        {
            using var scope = NewDisposeScope();
            task.Backward(Rows, update);
        }
    }

    private static string Trained(Func<SequenceTask, SequenceClassification, ITrainingTask> wrap)
    {
        var (model, task) = EightSequences.Open(Bert, dropout: 0.1);
        using var opened = model;
        new TrainingLoop(wrap(task, model), Plan, new KeptCheckpoints()).Run(default);
        return Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData([
                .. model.parameters().SelectMany(weight => weight.bytes.ToArray()),
            ])
        );
    }
}
