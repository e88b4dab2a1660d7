using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.TestKit;

namespace TransferPipeline.Ingestion.Tests.Importing;

public sealed class When_published_data_is_imported_as_it_came : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_folder_of_label_text_lines_gives_the_published_splits()
    {
        var result = await _bench.ImportAsync(SharedFiles.Require("data", "sst2_sentence"));

        var dataset = result.Document.Dataset;
        Assert.Equal(TaskType.Classification, dataset.Task);
        Assert.Equal(["0", "1"], dataset.Labels);
        Assert.Equal([("train", 6920L), ("dev", 872), ("test", 1821)], Sizes(dataset));
        var train = result.Statistics.Splits[0];
        Assert.Equal((3310, 3610, 9), (train.Labels["0"], train.Labels["1"], train.Duplicates));
        var leak = Assert.Single(result.Statistics.Leaks, leak => leak is { Split: "train", Other: "test" });
        Assert.Equal(2, leak.Texts);
        Assert.Equal(
            new Example(
                "train-1",
                "apparently reassembled from the cutting-room floor of any given daytime soap .",
                Label: "0"
            ),
            _bench.Rows(dataset, "train")[1]
        );
    }

    [Fact]
    public async Task Glue_files_give_their_rows_and_a_test_split_without_labels()
    {
        var result = await _bench.ImportAsync(SharedFiles.Require("data", "sst2_glue"));

        var dataset = result.Document.Dataset;
        Assert.Equal([("train", 67349L), ("dev", 872), ("test", 1821)], Sizes(dataset));
        Assert.Equal([67349, 872, 0], dataset.Splits.Select(split => (int)split.Labelled));
        Assert.Equal(
            (29780, 37569),
            (result.Statistics.Splits[0].Labels["0"], result.Statistics.Splits[0].Labels["1"])
        );
        Assert.Equal(67349 - 66978, result.Statistics.Splits[0].Duplicates);
    }

    [Fact]
    public async Task Comma_separated_news_give_their_classes()
    {
        var result = await _bench.ImportAsync(SharedFiles.Require("data", "agnews_5k"));

        Assert.Equal(["business", "sports", "tech", "world"], result.Document.Dataset.Labels);
        Assert.Equal([("train", 5000L), ("test", 7600)], Sizes(result.Document.Dataset));
        Assert.Equal(1900, result.Statistics.Splits[1].Labels["tech"]);
    }

    [Fact]
    public async Task Latin_1_questions_are_refused_as_utf_8_with_the_offset_and_the_way_out()
    {
        var folder = SharedFiles.Require("data", "trec6");

        var message = await _bench.RefusedAsync(folder);
        Assert.Contains(
            "TREC.train: line 66, column 60: byte 0xF0 at offset 3695 is not UTF-8",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("--encoding latin1", message, StringComparison.Ordinal);

        var result = await _bench.ImportAsync(folder, request => request with { Encoding = TextEncoding.Latin1 });
        Assert.Equal([("train", 5452L), ("test", 500)], Sizes(result.Document.Dataset));
        Assert.Equal(50, result.Document.Dataset.Labels.Count);
        Assert.Contains(_bench.Rows(result.Document.Dataset, "train"), row => row.Text.Contains('ð'));
    }

    [Fact]
    public async Task Messages_between_tabs_need_no_header_and_no_ending()
    {
        var result = await _bench.ImportAsync(SharedFiles.Require("data", "sms_spam"));

        Assert.Equal(["ham", "spam"], result.Document.Dataset.Labels);
        Assert.Equal([("train", 5574L)], Sizes(result.Document.Dataset));
        Assert.Equal(403, result.Statistics.Splits[0].Duplicates);
        Assert.Equal("Ok lar... Joking wif u oni...", _bench.Rows(result.Document.Dataset, "train")[1].Text);
    }

    [Fact]
    public async Task Comments_with_quotes_and_upper_case_columns_are_read()
    {
        var files = Directory.GetFiles(SharedFiles.Require("data", "youtube_wrench", "raw"), "*.csv").Order();

        var result = await _bench.Importer.ImportAsync(
            new ImportRequest { Name = "youtube", Splits = [.. files.Select(file => new SplitFile("train", file))] }
        );

        Assert.Equal([("train", 1956L)], Sizes(result.Document.Dataset));
        Assert.Equal((951, 1005), (result.Statistics.Splits[0].Labels["0"], result.Statistics.Splits[0].Labels["1"]));
        Assert.Equal(
            "Huh, anyway check out this you[tube] channel: kobyoshi02",
            _bench.Rows(result.Document.Dataset, "train")[0].Text
        );
    }

    [Fact]
    public async Task Pairs_in_json_lines_make_a_pair_classification()
    {
        var result = await _bench.ImportAsync(SharedFiles.Require("data", "rte_superglue"));

        Assert.Equal(TaskType.PairClassification, result.Document.Dataset.Task);
        Assert.Equal(["entailment", "not_entailment"], result.Document.Dataset.Labels);
        Assert.Equal([("train", 2490L), ("dev", 277)], Sizes(result.Document.Dataset));
        Assert.Equal(
            "Weapons of Mass Destruction Found in Iraq.",
            _bench.Rows(result.Document.Dataset, "train")[0].TextB
        );
    }

    [Fact]
    public async Task Pairs_with_a_byte_order_mark_and_loose_quotes_are_read()
    {
        var result = await _bench.ImportAsync(SharedFiles.Require("data", "mrpc"));

        Assert.Equal(TaskType.PairClassification, result.Document.Dataset.Task);
        Assert.Equal([("train", 4076L), ("test", 1725)], Sizes(result.Document.Dataset));
        Assert.Equal(2753, result.Statistics.Splits[0].Labels["1"]);
    }

    [Fact]
    public async Task Scores_make_a_regression()
    {
        var folder = SharedFiles.Require("data", "stsb");

        var result = await _bench.Importer.ImportAsync(
            new ImportRequest
            {
                Name = "stsb",
                Splits = [new("train", Path.Combine(folder, "train.tsv")), new("dev", Path.Combine(folder, "dev.tsv"))],
            }
        );

        Assert.Equal(TaskType.Regression, result.Document.Dataset.Task);
        Assert.Empty(result.Document.Dataset.Labels);
        Assert.Equal([("train", 5749L), ("dev", 1500)], Sizes(result.Document.Dataset));
        Assert.Equal((0, 5), (result.Statistics.Splits[0].Numbers!.Least, result.Statistics.Splits[0].Numbers!.Most));
    }

    private static IEnumerable<(string, long)> Sizes(DatasetRef dataset) =>
        dataset.Splits.Select(split => (split.Name, split.Rows));
}
