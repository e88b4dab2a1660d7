using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_something_is_added_to_cross_entropy
{
    private static readonly double[][] Logits =
    [
        [2.0, 0.5, -1.0],
        [0.1, 0.2, 0.3],
    ];
    private static readonly int[] Labels = [0, 2];

    [Fact]
    public void Nothing_added_gives_cross_entropy()
    {
        using var scope = NewDisposeScope();
        Assert.True(new ClassificationLoss().IsPlain);
        Assert.Equal(
            nn.functional.cross_entropy(Given(), Targets()).item<double>(),
            new ClassificationLoss().Of(Given(), Targets()).item<double>(),
            1e-12
        );
    }

    [Fact]
    public void Smoothed_targets_give_every_label_its_share()
    {
        using var scope = NewDisposeScope();
        var expected = Mean(
            (row, label) => -0.9 * Log(row, label) - 0.1 / 3 * Enumerable.Range(0, 3).Sum(other => Log(row, other))
        );
        Assert.Equal(
            expected,
            new ClassificationLoss(LabelSmoothing: 0.1).Of(Given(), Targets()).item<double>(),
            1e-12
        );
    }

    [Fact]
    public void A_focal_loss_counts_what_is_still_lacking()
    {
        using var scope = NewDisposeScope();
        var expected = Mean((row, label) => -Math.Pow(1 - Math.Exp(Log(row, label)), 2) * Log(row, label));
        Assert.Equal(expected, new ClassificationLoss(Focal: 2).Of(Given(), Targets()).item<double>(), 1e-12);
    }

    [Fact]
    public void Weights_of_classes_and_of_examples_make_a_weighted_mean()
    {
        using var scope = NewDisposeScope();
        var loss = new ClassificationLoss(ClassWeights: [3, 1, 2]).Of(Given(), Targets(), tensor([0.5, 1.0]));

        var (first, second) = (3 * 0.5, 2 * 1.0);
        var expected = (-first * Log(0, 0) - second * Log(1, 2)) / (first + second);
        Assert.Equal(expected, loss.item<double>(), 1e-12);
    }

    [Fact]
    public void Two_passes_diverge_by_half_of_both_divergences()
    {
        using var scope = NewDisposeScope();
        var other = tensor([0.0, 1.0, 0.0, 1.0, 0.0, 0.0], [2, 3]);
        var logs = other.log_softmax(1).data<double>().ToArray();
        var expected = 0.0;
        for (var row = 0; row < 2; row++)
        for (var label = 0; label < 3; label++)
        {
            var (mine, theirs) = (Log(row, label), logs[row * 3 + label]);
            expected += (Math.Exp(mine) - Math.Exp(theirs)) * (mine - theirs) / 2 / 2;
        }
        Assert.Equal(expected, ClassificationLoss.Divergence(Given(), other).item<double>(), 1e-12);
        Assert.Equal(0, ClassificationLoss.Divergence(other, other).item<double>(), 1e-12);
    }

    [Fact]
    public void The_generalised_loss_lies_between_cross_entropy_and_the_absolute_error()
    {
        using var scope = NewDisposeScope();
        var expected = Mean((row, label) => (1 - Math.Pow(Math.Exp(Log(row, label)), 0.7)) / 0.7);
        Assert.Equal(expected, Loss(new(Generalised: 0.7)), 1e-12);
        Assert.Equal(Mean((row, label) => 1 - Math.Exp(Log(row, label))), Loss(new(Generalised: 1)), 1e-12);
        Assert.Equal(Loss(new()), Loss(new(Generalised: 1e-6)), 1e-5);
    }

    [Fact]
    public void The_reverse_cross_entropy_takes_log_zero_as_minus_four()
    {
        using var scope = NewDisposeScope();
        // Against a target of 1 for its label and 0 for the others: −Σ p log q = 4 (1 − p).
        var expected = Mean((row, label) => -0.1 * Log(row, label) + 2 * 4 * (1 - Math.Exp(Log(row, label))));
        Assert.Equal(expected, Loss(new(Plain: 0.1, Reverse: 2)), 1e-12);
    }

    [Fact]
    public void A_bootstrapped_target_is_in_part_what_the_model_says()
    {
        using var scope = NewDisposeScope();
        var soft = Mean(
            (row, label) =>
                -0.8 * Log(row, label)
                - 0.2 * Enumerable.Range(0, 3).Sum(other => Math.Exp(Log(row, other)) * Log(row, other))
        );
        Assert.Equal(soft, Loss(new(SoftBootstrap: 0.2)), 1e-12);
        var hard = Mean(
            (row, label) => -0.8 * Log(row, label) - 0.2 * Enumerable.Range(0, 3).Max(other => Log(row, other))
        );
        Assert.Equal(hard, Loss(new(HardBootstrap: 0.2)), 1e-12);
    }

    [Fact]
    public void Adjusted_logits_ask_more_of_rarer_labels()
    {
        using var scope = NewDisposeScope();
        float[] shift = [MathF.Log(0.7f), MathF.Log(0.2f), MathF.Log(0.1f)];
        var expected = Mean(
            (row, label) =>
            {
                var shifted = Logits[row].Zip(shift, (logit, more) => logit + more).ToArray();
                return Math.Log(shifted.Sum(Math.Exp)) - shifted[label];
            }
        );
        Assert.Equal(expected, Loss(new(LogitShift: shift)), 1e-12);
        Assert.Equal(Loss(new()), Loss(new(LogitShift: [0, 0, 0])));
    }

    [Fact]
    public void Neutral_values_are_plain()
    {
        Assert.True(
            new ClassificationLoss(Generalised: 0, Reverse: 0, Plain: 1, SoftBootstrap: 0, HardBootstrap: 0).IsPlain
        );
        Assert.False(new ClassificationLoss(Reverse: 1).IsPlain);
        Assert.False(new ClassificationLoss(LogitShift: [0, 0]).IsPlain);
    }

    private static double Loss(ClassificationLoss loss) => loss.Of(Given(), Targets()).item<double>();

    private static Tensor Given() => tensor(Logits.SelectMany(row => row).ToArray(), [2, 3]);

    private static Tensor Targets() => tensor(Labels.Select(label => (long)label).ToArray());

    private static double Log(int row, int label) => Logits[row][label] - Math.Log(Logits[row].Sum(Math.Exp));

    private static double Mean(Func<int, int, double> loss) => (loss(0, Labels[0]) + loss(1, Labels[1])) / 2;
}
