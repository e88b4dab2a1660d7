using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Training.Cleaning;

namespace TransferPipeline.Training.Tests.Cleaning;

public sealed class When_labels_are_cleaned : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Rows_that_were_made_wrong_are_found_first_and_leave_train()
    {
        var (dataset, wrong) = Planted();
        var output = Clean(dataset, new());
        var doubts = Doubts(output);

        Assert.Equal(60, doubts.Count);
        var doubted = doubts.Where(doubt => doubt.Doubted).ToList();
        Assert.Equal(wrong, doubted.Select(doubt => doubt.Id).ToHashSet());
        Assert.Equal(doubted, doubts.Take(doubted.Count));
        Assert.Equal(doubted.OrderBy(doubt => doubt.Confidence), doubted);
        Assert.Equal(
            _bench.Rows(dataset, "train").Where(row => !wrong.Contains(row.Id)),
            _bench.Rows(output.Dataset!, "train")
        );
        Assert.Equal(dataset.Find("test"), output.Dataset!.Find("test"));
        Assert.Equal(dataset.Find("train")!.Id, output.Dataset.Find("train")!.CutFrom[0]);
    }

    [Fact]
    public void Weighed_rows_all_stay_and_doubtful_ones_count_less()
    {
        var (dataset, wrong) = Planted();
        var rows = _bench.Rows(Clean(dataset, new() { Action = "weigh" }).Dataset!, "train").ToList();

        Assert.Equal(60, rows.Count);
        Assert.True(
            rows.Where(row => wrong.Contains(row.Id)).Max(row => row.Weight)
                < rows.Where(row => !wrong.Contains(row.Id)).Min(row => row.Weight)
        );
    }

    [Fact]
    public void Ranking_alone_hands_the_dataset_on_as_it_is()
    {
        var (dataset, _) = Planted();
        var output = Clean(dataset, new() { Action = "rank" });

        Assert.Equal(dataset, output.Dataset);
        Assert.Equal(60, Doubts(output).Count);
    }

    [Fact]
    public void It_is_the_same_again_and_hidden_labels_change_nothing()
    {
        var (dataset, _) = Planted(unlabelled: 10);
        var hidden = dataset with { HiddenLabels = _bench.Hidden(dataset, row => row % 2 == 0 ? "a" : "b") };
        var permuted = dataset with { HiddenLabels = _bench.Hidden(dataset, row => row % 3 == 0 ? "a" : "b") };

        Assert.Equal(Clean(hidden, new()).Files, Clean(permuted, new()).Files);
        Assert.Equal(
            Clean(hidden, new()).Dataset!.Find("train")!.Id,
            Clean(permuted, new()).Dataset!.Find("train")!.Id
        );
        Assert.Equal(hidden.HiddenLabels, Clean(hidden, new()).Dataset!.HiddenLabels);
    }

    [Fact]
    public void A_class_of_one_row_is_refused()
    {
        var (dataset, _) = Planted();
        var one = _bench.With(
            dataset,
            "train",
            [
                .. _bench.Rows(dataset, "train").Where(row => row.Label == "a").Take(9),
                new("one", "one alone", Label: "b"),
            ]
        );

        Assert.Contains(
            "class 'b' has one row in train",
            Assert.Throws<BadInputException>(() => Clean(one, new())).Message
        );
    }

    /// <summary>Two topics of ten words each; every eleventh row has the other one's label.</summary>
    private (DatasetRef Dataset, IReadOnlySet<string> Wrong) Planted(int unlabelled = 0)
    {
        var rows = Rows("train", 60)
            .Select((row, number) => number % 11 == 3 ? row with { Label = Other(row) } : row)
            .ToList();
        var splits = new List<SplitRef> { _bench.Split("train", rows), _bench.Split("test", Rows("test", 4)) };
        if (unlabelled > 0)
            splits.Add(
                _bench.Split("unlabelled", Rows("unlabelled", unlabelled).Select(row => row with { Label = null }))
            );
        return (
            DatasetIdentity.Dataset("topics", TaskType.Classification, ["a", "b"], splits),
            rows.Where((_, number) => number % 11 == 3).Select(row => row.Id).ToHashSet()
        );

        static string Other(Example row) => row.Label == "a" ? "b" : "a";
    }

    private static IEnumerable<Example> Rows(string split, int count) =>
        Enumerable
            .Range(0, count)
            .Select(row =>
            {
                var topic = row % 2 == 0 ? "a" : "b";
                var words = Enumerable.Range(0, 6).Select(word => $"{topic}word{(row * 7 + word * 3) % 10}");
                return new Example($"{split}-{row}", string.Join(' ', words) + $" {split}{row}", Label: topic);
            });

    private List<LabelDoubt> Doubts(StepOutput output) =>
        [
            .. File.ReadLines(_bench.Path(output.Files![CleaningHandler.Ranking]))
                .Select(line => JsonSerializer.Deserialize<LabelDoubt>(line, WireFormat.Options)!),
        ];

    private StepOutput Clean(DatasetRef dataset, CleaningSpec spec) =>
        _bench.Cleaning.Handle(_bench.Work(StepKinds.CleanLabels, spec, [new("dataset", Dataset: dataset)]));
}
