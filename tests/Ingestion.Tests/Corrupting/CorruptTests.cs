using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;

namespace TransferPipeline.Ingestion.Tests.Corrupting;

public sealed class When_labels_are_made_wrong : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.4)]
    [InlineData(1)]
    public void A_rate_changes_that_share_of_train_and_hides_the_true_labels(double rate)
    {
        var parent = Parent();
        var noisy = _bench.Corrupt(parent, new() { Noise = "symmetric", Rate = rate });
        var changed = Changed(parent, noisy);

        Assert.Equal((int)Math.Round(rate * 90), changed.Count);
        Assert.Equal(parent.Find("test"), noisy.Find("test"));
        Assert.Equal(parent.Find("dev"), noisy.Find("dev"));
        Assert.Equal(changed, Hidden(noisy));
        if (rate == 0)
            Assert.Equal(parent.Splits, noisy.Splits);
        else
            Assert.Equal([parent.Find("train")!.Id], noisy.Find("train")!.CutFrom);
    }

    [Fact]
    public void A_larger_rate_changes_what_a_smaller_one_does_and_in_the_same_way()
    {
        var parent = Parent();
        var few = _bench.Rows(_bench.Corrupt(parent, new() { Noise = "symmetric", Rate = 0.1 }), "train");
        var many = _bench.Rows(_bench.Corrupt(parent, new() { Noise = "symmetric", Rate = 0.3 }), "train");
        var own = _bench.Rows(parent, "train");

        foreach (var (row, (before, after)) in own.Zip(few.Zip(many)))
            if (before.Label != row.Label)
                Assert.Equal(before.Label, after.Label);
        Assert.NotEqual(few, many);
    }

    [Fact]
    public void The_same_seed_gives_the_same_dataset_and_another_seed_another()
    {
        var (parent, spec) = (Parent(), new CorruptionSpec { Noise = "symmetric" });

        Assert.Equal(_bench.Corrupt(parent, spec).Id, _bench.Corrupt(parent, spec).Id);
        Assert.NotEqual(_bench.Corrupt(parent, spec).Id, _bench.Corrupt(parent, spec with { Seed = 21 }).Id);
    }

    [Fact]
    public void Pairs_flip_a_label_to_the_one_that_is_named()
    {
        var parent = Parent();
        var next = _bench.Corrupt(parent, new() { Noise = "pairs", Rate = 1 });
        var named = _bench.Corrupt(
            parent,
            new()
            {
                Noise = "pairs",
                Rate = 1,
                Flips = new Dictionary<string, string> { ["a"] = "c" },
            }
        );

        Assert.All(
            Pairs(parent, next),
            pair =>
                Assert.Equal(
                    pair.True == "a" ? "b"
                        : pair.True == "b" ? "c"
                        : "a",
                    pair.Now
                )
        );
        Assert.All(Pairs(parent, named), pair => Assert.Equal(pair.True == "a" ? "c" : pair.True, pair.Now));
    }

    [Fact]
    public void A_confusion_matrix_is_followed()
    {
        var parent = Parent(900);
        var noisy = _bench.Corrupt(
            parent,
            new()
            {
                Noise = "confusion",
                Confusion = new Dictionary<string, string> { ["a"] = "a 0.5, b 0.5", ["b"] = "b 1" },
            }
        );

        var ofA = Pairs(parent, noisy).Where(pair => pair.True == "a").ToList();
        Assert.InRange(ofA.Count(pair => pair.Now == "b") / (double)ofA.Count, 0.4, 0.6);
        Assert.DoesNotContain(ofA, pair => pair.Now == "c");
        Assert.All(Pairs(parent, noisy).Where(pair => pair.True != "a"), pair => Assert.Equal(pair.True, pair.Now));
    }

    [Fact]
    public void Dev_is_changed_where_it_is_asked_for_and_test_never()
    {
        var parent = Parent();
        var noisy = _bench.Corrupt(
            parent,
            new()
            {
                Noise = "symmetric",
                Rate = 0.5,
                Dev = true,
            }
        );

        Assert.NotEqual(parent.Find("dev")!.Id, noisy.Find("dev")!.Id);
        Assert.Equal(parent.Find("test"), noisy.Find("test"));
    }

    [Fact]
    public void A_row_that_is_made_wrong_twice_and_sampled_away_keeps_its_true_label_hidden()
    {
        var parent = Parent();
        var once = _bench.Corrupt(parent, new() { Noise = "pairs", Rate = 1 });
        var twice = _bench.Corrupt(once, new() { Noise = "pairs", Rate = 1 });
        var sample = _bench.Sample(twice, new SamplingSpec { PerClass = "4", Dev = "none" });

        var own = _bench.Rows(parent, "train").ToDictionary(row => row.Id, row => row.Label);
        Assert.Equal(90, Hidden(sample).Count);
        Assert.All(Hidden(sample), label => Assert.Equal(own[label.Id], label.Label));
    }

    [Fact]
    public void A_long_tail_falls_by_the_ratio()
    {
        var parent = Parent(300);
        var tail = _bench.Corrupt(parent, new() { Imbalance = "long-tail", Ratio = 100 });

        Assert.Equal(["a:100", "b:10", "c:1"], Counts(tail));
        Assert.Null(tail.HiddenLabels);
    }

    [Fact]
    public void Counts_are_kept_as_they_are_named_and_noise_comes_after()
    {
        var spec = new CorruptionSpec
        {
            Imbalance = "counts",
            Counts = new Dictionary<string, string> { ["b"] = "5" },
        };
        Assert.Equal(["a:30", "b:5", "c:30"], Counts(_bench.Corrupt(Parent(), spec)));

        var noisy = _bench.Corrupt(Parent(), spec with { Noise = "symmetric", Rate = 0.2 });
        Assert.Equal(13, Hidden(noisy).Count);
        Assert.Contains(
            "counts: class 'b' has 30 labelled rows in train; 31 were asked for",
            Assert
                .Throws<BadInputException>(() =>
                    _bench.Corrupt(Parent(), spec with { Counts = new Dictionary<string, string> { ["b"] = "31" } })
                )
                .Message
        );
    }

    [Fact]
    public void A_label_outside_the_set_is_refused() =>
        Assert.Contains(
            "flips: 'z' is no label of set; expected a, b, c",
            Assert
                .Throws<BadInputException>(() =>
                    _bench.Corrupt(
                        Parent(),
                        new()
                        {
                            Noise = "pairs",
                            Flips = new Dictionary<string, string> { ["a"] = "z" },
                        }
                    )
                )
                .Message
        );

    private DatasetRef Parent(int rows = 90) =>
        _bench.Dataset(("train", Rows("train", rows)), ("dev", Rows("dev", 30)), ("test", Rows("test", 9)));

    private static IEnumerable<Example> Rows(string split, int count) =>
        Enumerable
            .Range(0, count)
            .Select(row => new Example($"{split}-{row}", $"{split} text {row}", Label: "abc"[row % 3].ToString()));

    private IEnumerable<(string True, string Now)> Pairs(DatasetRef parent, DatasetRef noisy) =>
        _bench.Rows(parent, "train").Zip(_bench.Rows(noisy, "train"), (own, now) => (own.Label!, now.Label!));

    private List<HiddenLabel> Changed(DatasetRef parent, DatasetRef noisy) =>
        [
            .. _bench
                .Rows(parent, "train")
                .Zip(_bench.Rows(noisy, "train"))
                .Where(pair => pair.First.Label != pair.Second.Label)
                .Select(pair => new HiddenLabel(pair.First.Id, pair.First.Label!)),
        ];

    private List<HiddenLabel> Hidden(DatasetRef dataset) =>
        dataset.HiddenLabels is null ? [] : [.. HiddenLabel.Read(_bench.FileOf(dataset.HiddenLabels))];

    private List<string> Counts(DatasetRef dataset) =>
        [
            .. _bench
                .Rows(dataset, "train")
                .CountBy(row => row.Label!)
                .OrderBy(pair => pair.Key)
                .Select(pair => $"{pair.Key}:{pair.Value}"),
        ];
}
