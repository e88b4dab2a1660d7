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

    private static Tensor Given() => tensor(Logits.SelectMany(row => row).ToArray(), [2, 3]);

    private static Tensor Targets() => tensor(Labels.Select(label => (long)label).ToArray());

    private static double Log(int row, int label) => Logits[row][label] - Math.Log(Logits[row].Sum(Math.Exp));

    private static double Mean(Func<int, int, double> loss) => (loss(0, Labels[0]) + loss(1, Labels[1])) / 2;
}
