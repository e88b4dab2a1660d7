using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_hidden_states_are_mixed
{
    private static readonly int[] Rows = [0, 1, 2, 3];
    private static readonly int[] Partners = [4, 6, 5, 7];
    private static readonly float[] Weights = [1, 2, 0.5f, 3, 1, 4, 0.25f, 2];

    private static string Bert => TransferPipeline.TestKit.GoldenFolders.Of("bert-sequence-classification")[0];

    public static TheoryData<string> Architectures => Golden.Heads("sequence-classification");

    [Theory]
    [MemberData(nameof(Architectures))]
    public void The_whole_share_of_either_one_is_plain_training_on_it(string folder)
    {
        using var scope = NewDisposeScope();
        var (model, task) = EightSequences.Open(folder, dropout: 0, Weights);
        using var opened = model;

        Assert.Equal(Value(task.Loss(Rows, 0)), Value(task.MixedLoss(Rows, Partners, ones(4), 0)), 1e-5);
        Assert.Equal(Value(task.Loss(Partners, 0)), Value(task.MixedLoss(Rows, Partners, zeros(4), 0)), 1e-5);
    }

    [Fact]
    public void Labels_and_weights_count_by_their_shares()
    {
        using var scope = NewDisposeScope();
        var (model, task) = EightSequences.Open(Bert, dropout: 0, Weights);
        using var opened = model;
        var shares = tensor(new[] { 0.9f, 0.5f, 0.2f, 0.7f });
        var loss = Value(task.MixedLoss(Rows, Partners, shares, 0));

        var logs = Mixed(task, shares).log_softmax(1);
        var (sum, all) = (0.0, 0.0);
        for (var i = 0; i < 4; i++)
            foreach (var (row, share) in new[] { (Rows[i], shares[i]), (Partners[i], 1 - shares[i]) })
            {
                var weight = Weights[row] * share.item<float>();
                sum -= weight * logs[i, EightSequences.Labels[row]].item<float>();
                all += weight;
            }

        Assert.Equal(sum / all, loss, 1e-5);
    }

    [Fact]
    public void One_that_is_alone_in_its_group_is_not_mixed()
    {
        using var scope = NewDisposeScope();
        var (model, task) = EightSequences.Open(Bert, dropout: 0);
        using var opened = model;
        var alone = new MixupTask(task, model, [0, 1, 2, 3, 4, 5, 6, 7], alpha: 1, seed: 13);
        var two = new MixupTask(task, model, [0, 0, 0, 0, 1, 1, 1, 1], alpha: 1, seed: 13);

        foreach (var update in Enumerable.Range(0, 5))
        {
            Assert.Equal(Value(task.Loss(Rows, update)), Value(alone.Loss(Rows, update)), 1e-5);
            Assert.NotEqual(Value(task.Loss(Rows, update)), Value(two.Loss(Rows, update)), 1e-4);
        }
    }

    [Fact]
    public void A_partner_is_any_other_of_the_group()
    {
        using var scope = NewDisposeScope();
        var (model, task) = EightSequences.Open(Bert, dropout: 0);
        using var opened = model;
        var mixed = new MixupTask(task, model, [0, 1, 0, 1, 0, 1, 0, 1], alpha: 1, seed: 13);

        foreach (var row in Enumerable.Range(0, 8))
        {
            var partners = Enumerable.Range(0, 200).Select(update => mixed.Partner(row, new(13, "test", update)));
            Assert.Equal(
                Enumerable.Range(0, 8).Where(other => other != row && other % 2 == row % 2),
                partners.Distinct().Order()
            );
        }
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(8)]
    public void Shares_are_of_the_symmetric_beta_distribution(double alpha)
    {
        using var scope = NewDisposeScope();
        var (model, task) = EightSequences.Open(Bert, dropout: 0);
        using var opened = model;
        var mixup = new MixupTask(task, model, new int[8], alpha, seed: 13);

        var shares = mixup.Shares(20_000, new CounterRandom(13, "test"));

        Assert.Equal(0.5, shares.mean().item<float>(), 0.01);
        Assert.Equal(1 / (4 * (2 * alpha + 1)), shares.var().item<float>(), 0.004); // of Beta(α, α)
        Assert.Equal(0, Golden.Distance(shares, mixup.Shares(20_000, new CounterRandom(13, "test"))));
    }

    [Fact]
    public void Every_update_draws_anew_and_the_same_update_the_same()
    {
        using var scope = NewDisposeScope();
        var (model, task) = EightSequences.Open(Bert, dropout: 0.1);
        using var opened = model;
        model.train();
        var mixup = new MixupTask(task, model, new int[8], alpha: 1, seed: 13);

        Assert.Equal(Value(mixup.Loss(Rows, 3)), Value(mixup.Loss(Rows, 3)));
        Assert.NotEqual(Value(mixup.Loss(Rows, 3)), Value(mixup.Loss(Rows, 4)));
    }

    [Fact]
    public void Two_passes_of_R_Drop_are_mixed_alike()
    {
        using var scope = NewDisposeScope();
        var (model, task) = EightSequences.Open(Bert, dropout: 0, loss: new ClassificationLoss(RDrop: 2));
        var (plainModel, plain) = EightSequences.Open(Bert, dropout: 0);
        using var opened = model;
        using var other = plainModel;
        var shares = full(4, 0.4f);

        // Without dropout both passes say the same.
        Assert.Equal(
            Value(plain.MixedLoss(Rows, Partners, shares, 0)),
            Value(task.MixedLoss(Rows, Partners, shares, 0)),
            1e-5
        );
    }

    /// <summary>The classifier is linear: its logits of mixed states are as mixed.</summary>
    private static Tensor Mixed(SequenceTask task, Tensor shares) =>
        task.Logits(Partners, 0).lerp(task.Logits(Rows, 0), shares.unsqueeze(1));

    private static double Value(Tensor loss) => loss.item<float>();
}
