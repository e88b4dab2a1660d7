using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Training.Tests.FineTuning;

public sealed class When_wrong_or_unequal_labels_are_answered : IDisposable
{
    private static readonly FineTuningSpec Few = new()
    {
        Updates = 6,
        Batch = 8,
        LearningRate = 1e-3,
        SelectOn = "none",
    };

    private readonly Bench _bench = new();

    public static TheoryData<string> Options =>
        ["generalised", "reverse", "soft", "hard", "adjusted", "resampled", "mixed"];

    public void Dispose() => _bench.Dispose();

    [Theory]
    [MemberData(nameof(Options))]
    public void Each_option_changes_the_weights_and_at_its_neutral_value_none(string option)
    {
        var plain = Tune(Few);

        Assert.NotEqual(plain, Tune(With(option, 0.5)));
        Assert.Equal(plain, Tune(With(option, 0)));
        Assert.Equal(Tune(With(option, 0.5)), Tune(With(option, 0.5)));
    }

    [Theory]
    [InlineData("freelb")]
    [InlineData("vat")]
    public void Embeddings_are_moved_against_the_model_where_asked_for(string how)
    {
        var none =
            how == "freelb"
                ? Few with
                {
                    Adversarial = how,
                    AdversarialSteps = 1,
                    AdversarialStart = 0,
                }
                : Few with
                {
                    Adversarial = how,
                    AdversarialWeight = 0,
                };

        Assert.Equal(Tune(Few), Tune(none));
        Assert.NotEqual(Tune(Few), Tune(Few with { Adversarial = how }));
    }

    [Fact]
    public void They_are_refused_where_there_are_no_labels()
    {
        var numbers = _bench.Reviews(change: row => row with { Label = "1.5" }, task: TaskType.Regression, dev: 0);

        foreach (var option in Options.Select(row => row.Data))
            Assert.Contains(
                "are for labels of texts",
                Assert
                    .Throws<BadInputException>(() =>
                        _bench.FineTuning.Handle(_bench.Tuning(_bench.SmallBert(), numbers, With(option, 0.5)))
                    )
                    .Message
            );
    }

    private static FineTuningSpec With(string option, double value) =>
        option switch
        {
            "generalised" => Few with { Generalised = value },
            "reverse" => Few with { ReverseCrossEntropy = value },
            "soft" => Few with { SoftBootstrap = value },
            "hard" => Few with { HardBootstrap = value },
            "mixed" => Few with { Mixup = value },
            "adjusted" => Few with { LogitAdjustment = value },
            _ => Few with { Resample = value > 0 },
        };

    /// <summary>Of 40 rows, whose labels are not equally many.</summary>
    private IReadOnlyDictionary<string, string> Tune(FineTuningSpec spec)
    {
        var reviews = _bench.Reviews();
        var rows = _bench.Rows(reviews, "train").ToList();
        var unequal = _bench.With(
            reviews,
            "train",
            [.. rows.Where(row => row.Label == "positive"), .. rows.Where(row => row.Label == "negative").Take(9)]
        );
        return _bench.FineTuning.Handle(_bench.Tuning(_bench.SmallBert(), unequal, spec)).Model!.Files;
    }
}
