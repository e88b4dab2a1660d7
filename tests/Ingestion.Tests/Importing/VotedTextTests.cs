using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.TestKit;

namespace TransferPipeline.Ingestion.Tests.Importing;

public sealed class When_text_comes_with_votes : IDisposable
{
    private const string Two = """
        {
            "0": { "data": { "text": "Check out this video \ufeff" }, "label": 1, "weak_labels": [-1, 1] },
            "1": { "label": 0, "data": { "text": "super music" }, "weak_labels": [0, -1] }
        }
        """;

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Texts_and_labels_of_wrench_become_rows_without_the_votes()
    {
        var dataset = (await _bench.ImportAsync(_bench.Write("train.json", Two))).Document.Dataset;

        Assert.Equal(TaskType.Classification, dataset.Task);
        Assert.Equal(
            [
                new Example("train-0", "Check out this video \ufeff", Label: "1"),
                new Example("train-1", "super music", Label: "0"),
            ],
            _bench.Rows(dataset, "train")
        );
    }

    [Fact]
    public void Votes_are_columns_of_their_own()
    {
        var path = _bench.Write("votes", Two);
        using var records = DatasetFormats.Of(path).Open(path, new ReadingOptions());

        Assert.Equal(["text", "label", "weak_labels.0", "weak_labels.1"], records.Columns);
        Assert.True(records.Read() && records.Read());
        Assert.True(records.TryGet(2, out var vote) && vote.SequenceEqual("0"u8));
        Assert.Equal("row '1'", records.Where(2));
        Assert.False(records.Read());
    }

    [Theory]
    [InlineData("[-1, 1]", "[-1]", "train.json: row '1': has 2 weak_labels, the first row 1; expected equally many")]
    [InlineData("\"super music\"", "3", "train.json: row '1': expected data.text")]
    [InlineData(
        "\"weak_labels\": [0, -1]",
        "\"votes\": []",
        "train.json: row '1': expected weak_labels, a list of votes"
    )]
    [InlineData("[0, -1]", "[0, []]", "train.json: row '1': a label or vote is a list or an object")]
    public async Task What_is_not_as_wrench_has_it_is_refused_by_its_row(string from, string to, string message) =>
        Assert.StartsWith(
            message,
            await _bench.RefusedAsync(_bench.Write("train.json", Two.Replace(from, to))),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Comments_of_youtube_are_imported_as_they_came_and_all_their_labels_can_be_hidden()
    {
        var dataset = (await _bench.ImportAsync(SharedFiles.Require("data", "youtube_wrench"))).Document.Dataset;

        Assert.Equal(
            [("train", 1586L), ("dev", 120), ("test", 250)],
            dataset.Splits.Select(split => (split.Name, split.Rows))
        );
        Assert.Equal(["0", "1"], dataset.Labels);
        var hidden = _bench.Sample(dataset, new SamplingSpec { PerClass = "0", Dev = "none" });
        Assert.Equal((0L, 0L), (hidden.Find("train")!.Rows, hidden.Find("train")!.Labelled));
        Assert.Empty(_bench.Rows(hidden, "train"));
        Assert.Equal((1586L, 0L), (hidden.Find("unlabelled")!.Rows, hidden.Find("unlabelled")!.Labelled));
        Assert.Equal(1586, HiddenLabel.Read(_bench.FileOf(hidden.HiddenLabels!)).Count());
        Assert.Equal(dataset.Find("test"), hidden.Find("test"));
    }
}
