using System.Text.Json;
using CsCheck;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.TestKit;

namespace TransferPipeline.Ingestion.Tests.Sampling;

public sealed class When_a_dataset_is_sampled : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Train_and_dev_are_equally_large_and_balanced_and_the_rest_is_unlabelled()
    {
        var parent = Parent();

        var sample = _bench.Sample(parent, new SamplingSpec { PerClass = "8" });

        Assert.Equal(["train", "dev", "test", "unlabelled"], sample.Splits.Select(split => split.Name));
        Assert.Equal(["0:8", "1:8"], Counts(sample, "train"));
        Assert.Equal(["0:8", "1:8"], Counts(sample, "dev"));
        Assert.Equal([":84"], Counts(sample, "unlabelled"));
        Assert.Equal(parent.Find("test"), sample.Find("test"));
        Assert.Equal([parent.Find("train")!.Id], sample.Find("train")!.CutFrom);
        Assert.Equal([parent.Find("train")!.Id], sample.Find("unlabelled")!.CutFrom);
        Assert.Equal([parent.Find("dev")!.Id], sample.Find("dev")!.CutFrom);
        Assert.Equal(parent.Labels, sample.Labels);
    }

    [Fact]
    public void No_row_is_lost_and_the_labels_taken_away_are_kept_aside()
    {
        var parent = Parent();

        var sample = _bench.Sample(parent, new SamplingSpec { PerClass = "8" });

        var hidden = HiddenLabel
            .Read(_bench.FileOf(sample.HiddenLabels!))
            .ToDictionary(label => label.Id, label => label.Label);
        var restored = _bench
            .Rows(sample, "train")
            .Concat(_bench.Rows(sample, "unlabelled").Select(row => row with { Label = hidden[row.Id] }));
        Assert.Equal(_bench.Rows(parent, "train").OrderBy(row => row.Id), restored.OrderBy(row => row.Id));
        Assert.Equal(84, hidden.Count);
    }

    [Fact]
    public void The_same_seed_gives_the_same_dataset_and_another_seed_another()
    {
        var parent = Parent();
        var spec = new SamplingSpec { PerClass = "8" };

        Assert.Equal(_bench.Sample(parent, spec).Id, _bench.Sample(parent, spec).Id);
        Assert.NotEqual(_bench.Sample(parent, spec).Id, _bench.Sample(parent, spec with { Seed = 21 }).Id);
    }

    [Fact]
    public void A_seed_means_the_same_rows_for_ever()
    {
        var sample = _bench.Sample(Parent(), new SamplingSpec { PerClass = "3" });

        Assert.Equal(
            ["train-6", "train-20", "train-22", "train-27", "train-61", "train-69"],
            _bench.Rows(sample, "train").Select(row => row.Id)
        );
    }

    [Fact]
    public void A_larger_sample_of_a_seed_holds_the_smaller_one()
    {
        var parent = Parent();

        var small = _bench.Rows(_bench.Sample(parent, new SamplingSpec { PerClass = "4" }), "train");
        var large = _bench.Rows(_bench.Sample(parent, new SamplingSpec { PerClass = "16" }), "train");

        Assert.Subset(large.ToHashSet(), small.ToHashSet());
    }

    [Fact]
    public void A_fraction_keeps_the_shares_of_the_classes()
    {
        Example[] rows = [.. Rows("train", 90, _ => "a"), .. Rows("more", 30, _ => "b")];

        var sample = _bench.Sample(_bench.Dataset(("train", rows)), new SamplingSpec { Fraction = 0.1, Dev = "none" });

        Assert.Equal(["a:9", "b:3"], Counts(sample, "train"));
        Assert.Null(sample.Find("dev"));
    }

    [Fact]
    public void Full_with_the_full_dev_changes_nothing_but_adds_an_empty_unlabelled()
    {
        var parent = Parent();

        var sample = _bench.Sample(parent, new SamplingSpec { PerClass = "full", Dev = "full" });

        Assert.Equal(parent.Splits, sample.Splits.Take(3));
        Assert.Equal(0, sample.Find("unlabelled")!.Rows);
        Assert.Null(sample.HiddenLabels);
    }

    [Fact]
    public void Full_with_a_dev_as_large_takes_all_of_a_smaller_dev()
    {
        var parent = Parent();

        var sample = _bench.Sample(parent, new SamplingSpec { PerClass = "full" });

        Assert.Equal(parent.Find("dev"), sample.Find("dev"));
    }

    [Fact]
    public void Rows_that_were_unlabelled_before_stay_so_behind_the_new_ones()
    {
        Example[] before = [new("u-0", "never labelled"), new("u-1", "nor this")];
        var parent = _bench.Dataset(("train", Rows("train", 20)), ("test", Rows("test", 4)), ("unlabelled", before));

        var sample = _bench.Sample(parent, new SamplingSpec { PerClass = "2", Dev = "none" });

        Assert.Equal(before, _bench.Rows(sample, "unlabelled").TakeLast(2));
        Assert.Equal(18, sample.Find("unlabelled")!.Rows);
    }

    [Fact]
    public void A_sample_of_a_sample_still_knows_all_hidden_labels()
    {
        var first = _bench.Sample(Parent(), new SamplingSpec { PerClass = "8", Dev = "none" });

        var second = _bench.Sample(first, new SamplingSpec { PerClass = "2", Dev = "none" });

        Assert.Equal(96, HiddenLabel.Read(_bench.FileOf(second.HiddenLabels!)).Count());
        Assert.Equal([first.Find("train")!.Id, .. first.Find("train")!.CutFrom], second.Find("train")!.CutFrom);
    }

    [Fact]
    public void Without_a_dev_split_selection_data_is_cut_from_the_rest_of_train()
    {
        var parent = _bench.Dataset(("train", Rows("train", 100)), ("test", Rows("test", 10)));

        var sample = _bench.Sample(parent, new SamplingSpec { PerClass = "8" });

        Assert.Equal(["0:8", "1:8"], Counts(sample, "train"));
        Assert.Equal(["0:8", "1:8"], Counts(sample, "dev"));
        Assert.Equal([":68"], Counts(sample, "unlabelled"));
        Assert.Equal([parent.Find("train")!.Id], sample.Find("dev")!.CutFrom);
        Assert.Empty(_bench.Rows(sample, "train").Intersect(_bench.Rows(sample, "dev")));
    }

    [Fact]
    public void All_of_train_without_a_dev_split_gives_a_tenth_of_itself_for_selection()
    {
        var parent = _bench.Dataset(("train", Rows("train", 100)), ("test", Rows("test", 10)));

        var sample = _bench.Sample(parent, new SamplingSpec { PerClass = "full" });

        Assert.Equal(["0:45", "1:45"], Counts(sample, "train"));
        Assert.Equal(["0:5", "1:5"], Counts(sample, "dev"));
    }

    [Fact]
    public void Where_only_dev_is_labelled_it_scores_and_selection_data_is_cut_from_train()
    {
        var bare = Rows("test", 10).Select(row => row with { Label = null });
        var parent = _bench.Dataset(("train", Rows("train", 100)), ("dev", Rows("dev", 40)), ("test", bare));

        var sample = _bench.Sample(parent, new SamplingSpec { PerClass = "8" });

        Assert.Equal(parent.Find("dev")! with { Name = "test" }, sample.Find("test"));
        Assert.Equal([parent.Find("train")!.Id], sample.Find("dev")!.CutFrom);
        Assert.Equal(["0:8", "1:8"], Counts(sample, "dev"));
    }

    [Fact]
    public void A_dev_cut_here_shares_no_text_group_or_origin_with_any_other_split()
    {
        var gen = Gen.Select(Gen.Int[0, 60], Gen.Int[0, 25], Gen.Int[0, 60], Gen.Bool);
        gen.Array[80]
            .Sample(
                draws =>
                {
                    var rows = draws.Select(
                        (draw, row) =>
                            new Example(
                                $"r{row}",
                                $"text {draw.Item1}",
                                Label: row % 2 == 0 ? "0" : "1",
                                Group: draw.Item2 < 20 ? $"group {draw.Item2 + (row / 8 * 20)}" : null,
                                Source: draw.Item4 && row > 70 ? $"r{draw.Item3}" : null
                            )
                    );
                    var parent = _bench.Dataset(("train", rows));

                    var sample = _bench.Sample(parent, new SamplingSpec { PerClass = "4" });

                    if (sample.Find("dev") is null)
                        return;
                    var dev = _bench.Rows(sample, "dev");
                    var others = _bench.Rows(sample, "train").Concat(_bench.Rows(sample, "unlabelled")).ToList();
                    Assert.Empty(dev.Select(row => row.Text).Intersect(others.Select(row => row.Text)));
                    Assert.Empty(
                        dev.Select(row => row.Group)
                            .OfType<string>()
                            .Intersect(others.Select(row => row.Group).OfType<string>())
                    );
                    Assert.Empty(
                        dev.Select(row => row.Source ?? row.Id).Intersect(others.Select(row => row.Source ?? row.Id))
                    );
                },
                iter: 40,
                threads: 1
            );
    }

    [Fact]
    public void A_class_with_too_few_rows_is_refused_by_name_and_count()
    {
        Example[] rows = [.. Rows("train", 40, _ => "often"), .. Rows("more", 3, _ => "rare")];

        var fault = Assert.Throws<BadInputException>(() =>
            _bench.Sample(_bench.Dataset(("train", rows)), new SamplingSpec { PerClass = "8" })
        );

        Assert.Equal("perClass: class 'rare' has 3 labelled rows in train; 8 were asked for", fault.Message);
    }

    [Theory]
    [InlineData(null, null, "none", "sample: expected one of perClass and fraction")]
    [InlineData("8", 0.5, "none", "sample: expected one of perClass and fraction")]
    [InlineData(null, 0.0, "none", "fraction: 0 leaves nothing to train on")]
    [InlineData("8", null, "full", "dev: full needs a labelled dev split")]
    public void Parameters_that_contradict_are_refused(string? perClass, double? fraction, string dev, string message)
    {
        var parent = _bench.Dataset(("train", Rows("train", 40)), ("test", Rows("test", 4)));

        var fault = Assert.Throws<BadInputException>(() =>
            _bench.Sample(
                parent,
                new SamplingSpec
                {
                    PerClass = perClass,
                    Fraction = fraction,
                    Dev = dev,
                }
            )
        );

        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
    }

    private DatasetRef Parent() =>
        _bench.Dataset(("train", Rows("train", 100)), ("dev", Rows("dev", 60)), ("test", Rows("test", 10)));

    private List<string> Counts(DatasetRef dataset, string split) =>
        [
            .. _bench
                .Rows(dataset, split)
                .CountBy(row => row.Label ?? "")
                .OrderBy(pair => pair.Key)
                .Select(pair => $"{pair.Key}:{pair.Value}"),
        ];

    private static List<Example> Rows(string split, int count, Func<int, string>? label = null) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(row => new Example(
                    $"{split}-{row}",
                    $"{split} text {row}",
                    Label: label?.Invoke(row) ?? $"{row % 2}"
                )),
        ];
}

public sealed class When_the_rows_of_a_sample_are_given : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_published_samples_keep_exactly_their_rows()
    {
        var dataset = (await _bench.ImportAsync(SharedFiles.Require("data", "sst2_sentence"))).Document.Dataset;
        var path = SharedFiles.Require("fixtures", "samples", "sst2_sentence.json");
        var file = _bench.Store(await File.ReadAllTextAsync(path));
        using var samples = JsonDocument.Parse(await File.ReadAllTextAsync(path));
        var train = _bench.Rows(dataset, "train");

        foreach (var entry in samples.RootElement.GetProperty("samples").EnumerateArray())
        {
            var rows = entry.GetProperty("rows").EnumerateArray().Select(row => row.GetInt32()).Order().ToList();
            var perClass = entry.GetProperty("labelsPerClass").GetInt32();
            var spec = new SamplingSpec
            {
                PerClass = $"{perClass}",
                Seed = entry.GetProperty("seed").GetInt64(),
                Dev = perClass == 8 ? "same" : "none",
            };

            var sample = _bench.Sample(dataset, spec, file);

            Assert.Equal(rows.Select(row => train[row]), _bench.Rows(sample, "train"));
            Assert.Equal(6920 - rows.Count, sample.Find("unlabelled")!.Rows);
            Assert.Equal(perClass == 8 ? 16 : null, (int?)sample.Find("dev")?.Labelled);
            Assert.Equal(dataset.Find("test"), sample.Find("test"));
        }

        var full = _bench.Sample(dataset, new SamplingSpec { PerClass = "full", Dev = "none" }, file);
        Assert.Equal(dataset.Find("train"), full.Find("train"));
    }

    [Fact]
    public void Other_labels_of_train_and_test_change_no_split_that_learning_reads()
    {
        Gen.Select(Gen.Shuffle(Enumerable.Range(0, 30).ToArray()), Gen.Shuffle(Enumerable.Range(0, 10).ToArray()))
            .Sample(
                (train, test) =>
                {
                    var rows = _bench.Store("""{"samples":[{"labelsPerClass":2,"seed":13,"rows":[0,3,5,6]}]}""");
                    var one = Sampled(row => row, row => row, rows);
                    var other = Sampled(row => train[row], row => test[row], rows);

                    foreach (var split in (string[])["train", "dev", "unlabelled"])
                        Assert.Equal(one.Find(split)!.Id, other.Find(split)!.Id);
                    foreach (var split in (string[])["train", "dev", "unlabelled"])
                        Assert.Equal(one.Find(split)!.Content, other.Find(split)!.Content);
                },
                iter: 30,
                threads: 1
            );
    }

    [Theory]
    [InlineData(
        """{"samples":[{"labelsPerClass":2,"seed":21,"rows":[0]}]}""",
        "no entry has labelsPerClass 2 and seed 13"
    )]
    [InlineData(
        """{"samples":[{"labelsPerClass":2,"seed":13,"rows":[0,99]}]}""",
        "samples[0].rows: 99 is no row; expected whole numbers from 0 to 39"
    )]
    [InlineData("""{"samples":[{"labelsPerClass":2,"seed":13,"rows":[0,0]}]}""", "samples[0].rows: 0 is listed twice")]
    [InlineData("""{"samples":[{"seed":13,"rows":[0]}]}""", "samples[0]: expected labelsPerClass")]
    [InlineData("""{"samples":[{"labelsPerClass":2,"seed":13}]}""", "samples[0]: expected a list 'rows'")]
    [InlineData("""{"rows":[]}""", "expected an object whose list 'samples'")]
    [InlineData("{\n  nonsense", "line 2: not JSON")]
    public void A_file_that_does_not_give_them_is_refused(string file, string message)
    {
        var fault = Assert.Throws<BadInputException>(() => Sampled(row => row, row => row, _bench.Store(file)));

        Assert.StartsWith("rows: " + message, fault.Message, StringComparison.Ordinal);
    }

    /// <summary>40 train rows of which the first ten keep their labels; the others' and those of test may be permuted.</summary>
    private DatasetRef Sampled(Func<int, int> train, Func<int, int> test, ArtefactRef rows)
    {
        static Example Row(string split, int row, int labelOf) =>
            new($"{split}-{row}", $"{split} text {row}", Label: $"{labelOf % 2}");
        var parent = _bench.Dataset(
            ("train", Enumerable.Range(0, 40).Select(row => Row("train", row, row < 10 ? row : 10 + train(row - 10)))),
            ("dev", Enumerable.Range(0, 8).Select(row => Row("dev", row, row))),
            ("test", Enumerable.Range(0, 10).Select(row => Row("test", row, test(row))))
        );
        return _bench.Sample(parent, new SamplingSpec { PerClass = "2" }, rows);
    }
}
