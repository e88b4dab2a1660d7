using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.TestKit;

namespace TransferPipeline.Ingestion.Tests.Importing;

public sealed class When_words_come_with_tags : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("a.conll", "EU\tB-org\nrejects\tO\n\nNew\tB-place\nYork\tI-place\n")]
    [InlineData("a.conll", "EU NNP B-NP B-org\nrejects VBZ B-VP O\n\n\nNew NNP B-NP B-place\nYork NNP I-NP I-place")]
    [InlineData("told-by-its-lines", "EU\tB-org\r\nrejects\tO\r\n\t\r\nNew\tB-place\r\nYork\tI-place\r\n\r\n")]
    [InlineData("a.csv", "text,label\nEU rejects,B-org O\nNew York,B-place I-place\n")]
    public async Task A_sentence_is_a_row_whatever_the_file(string name, string content)
    {
        var stored = await _bench.ImportAsync(
            _bench.Write(name, content),
            request => request with { Task = TaskType.TokenClassification }
        );

        var dataset = stored.Document.Dataset;
        Assert.Equal(["O", "B-org", "I-org", "B-place", "I-place"], dataset.Labels);
        Assert.Equal(
            [("EU rejects", "B-org O"), ("New York", "B-place I-place")],
            _bench.Rows(dataset, "train").Select(row => (row.Text, row.Label!))
        );
        Assert.Equal(1, stored.Statistics.Splits[0].Labels["I-place"]);
        Assert.Equal(0, stored.Statistics.Splits[0].Labels["I-org"]);
    }

    [Fact]
    public async Task The_task_follows_from_the_format()
    {
        var stored = await _bench.ImportAsync(_bench.Write("a.conll", "EU\tB-org\n\nfine\tO\n"));
        Assert.Equal(TaskType.TokenClassification, stored.Document.Dataset.Task);
    }

    [Fact]
    public async Task Sentences_of_a_document_stay_in_one_split()
    {
        var documents = Enumerable
            .Range(0, 8)
            .Select(d =>
                $"-DOCSTART- -X- O\n\n" + string.Concat(Enumerable.Range(0, 3).Select(s => $"w{d}{s} X O\n\n"))
            );
        var stored = await _bench.ImportAsync(
            _bench.Write("a.conll", string.Concat(documents)),
            request => request with { Fractions = new Dictionary<string, double> { ["test"] = 0.4 } }
        );

        var train = _bench.Rows(stored.Document.Dataset, "train").Select(row => row.Group).ToHashSet();
        var test = _bench.Rows(stored.Document.Dataset, "test").Select(row => row.Group).ToHashSet();
        Assert.Equal((9, 8), (test.Count * 3, train.Count + test.Count));
        Assert.Empty(train.Intersect(test));
    }

    [Theory]
    [InlineData(
        "EU\tB-org\nrejects\tI-place\n",
        "a.conll: line 2, column 1: the tag 'I-place' continues no entity; expected B-place, which begins one"
    )]
    [InlineData(
        "EU\tO\n\nYork\tI-place\n",
        "a.conll: line 3, column 1: the tag 'I-place' continues no entity; expected B-place, which begins one"
    )]
    [InlineData(
        "EU\torg\n",
        "a.conll: line 1, column 1: the tag 'org' is not one of IOB2; expected O, B-TYPE or I-TYPE"
    )]
    [InlineData("EU\tB-\n", "the tag 'B-' is not one of IOB2")]
    [InlineData(
        "EU\tO\nrejects\n",
        "a.conll: line 2, column 1: the line has 1 columns; expected 2: a word, its tag last, as on the first line"
    )]
    [InlineData("EU\tX\tO\nrejects\tO\n", "line 2, column 1: the line has 2 columns; expected 3")]
    [InlineData("EU\n", "line 1, column 1: the line has 1 columns; expected 2")]
    [InlineData("New York\tO\n", "the word 'New York' is empty or holds a blank; expected one word")]
    [InlineData("\tO\n", "the word '' is empty or holds a blank; expected one word")]
    [InlineData("\n\n", "the file has no rows; expected at least one")]
    public async Task What_is_no_tagged_word_is_refused_with_its_line(string content, string message)
    {
        Assert.Contains(message, await _bench.RefusedAsync(_bench.Write("a.conll", content)));
    }

    [Theory]
    [InlineData(
        "text,label\nEU rejects,B-org\n",
        "a.csv: line 2, column 12: there are 2 words and 1 tags; expected a tag for each word, one space between two"
    )]
    [InlineData("text,label\nEU rejects,O I-org\n", "the tag 'I-org' continues no entity")]
    public async Task Tags_that_fit_no_words_are_refused_in_a_table_too(string content, string message)
    {
        var fault = await _bench.RefusedAsync(
            _bench.Write("a.csv", content),
            request => request with { Task = TaskType.TokenClassification }
        );
        Assert.Contains(message, fault);
    }

    [Fact]
    public async Task A_type_that_train_has_not_is_refused()
    {
        _bench.Write("data.train.conll", "EU\tB-org\n");
        _bench.Write("data.test.conll", "Paris\tB-place\n");

        Assert.Contains(
            "the label 'B-place' is not in train; expected one of O, B-org, I-org",
            await _bench.RefusedAsync(Path.GetDirectoryName(_bench["x"])!)
        );
    }

    [Fact]
    public async Task Bytes_of_another_encoding_are_refused_unless_it_is_named()
    {
        var path = _bench.Write("a.conll", [.. "caf"u8, 0xE9, .. "\tO\n"u8]);

        Assert.Contains("byte 0xE9 at offset 3 is not UTF-8", await _bench.RefusedAsync(path));
        var stored = await _bench.ImportAsync(path, request => request with { Encoding = TextEncoding.Latin1 });
        Assert.Equal("café", Assert.Single(_bench.Rows(stored.Document.Dataset, "train")).Text);
    }

    [Fact]
    public async Task Another_task_than_the_formats_is_refused()
    {
        var path = _bench.Write("a.conll", "EU\tB-org\n");
        Assert.Contains(
            "a.conll: is conll, which is for token-classification; --task classification was given",
            await _bench.RefusedAsync(path, request => request with { Task = TaskType.Classification })
        );
        Assert.Contains(
            "whose columns are known; expected no names of columns",
            await _bench.RefusedAsync(path, request => request with { Columns = new(Text: "1") })
        );
    }

    [Fact]
    public async Task A_share_of_the_sentences_is_sampled_and_their_tags_hidden()
    {
        var lines = string.Concat(Enumerable.Range(0, 40).Select(row => $"w{row}\tB-x\n\n"));
        var stored = await _bench.ImportAsync(_bench.Write("a.conll", lines));

        var sample = _bench.Sample(stored.Document.Dataset, new SamplingSpec { Fraction = 0.25, Dev = "none" });

        Assert.Equal(10, sample.Find("train")!.Labelled);
        Assert.Equal((30, 0), (sample.Find("unlabelled")!.Rows, sample.Find("unlabelled")!.Labelled));
        Assert.Equal(["O", "B-x", "I-x"], sample.Labels);
        Assert.Equal(30, HiddenLabel.Read(_bench.FileOf(sample.HiddenLabels!)).Count(hidden => hidden.Label == "B-x"));
        Assert.Contains(
            "has no classes; expected full or a fraction",
            Assert
                .Throws<BadInputException>(() =>
                    _bench.Sample(stored.Document.Dataset, new SamplingSpec { PerClass = "2", Dev = "none" })
                )
                .Message
        );
    }

    [Fact]
    public async Task The_published_tweets_have_the_published_counts()
    {
        var folder = SharedFiles.Require("data", "wnut17");
        var stored = await _bench.ImportAsync(
            null!,
            request =>
                request with
                {
                    Path = null,
                    Splits =
                    [
                        new("train", Path.Combine(folder, "wnut17train.conll")),
                        new("dev", Path.Combine(folder, "emerging.dev.conll")),
                        new("test", Path.Combine(folder, "emerging.test.annotated")),
                    ],
                }
        );

        Assert.Equal([3394L, 1009, 1287], stored.Statistics.Splits.Select(split => split.Rows));
        Assert.Equal([660L, 470, 429], stored.Statistics.Splits.Select(split => split.Labels["B-person"]));
        Assert.Equal(62_730, stored.Statistics.Splits[0].Labels.Values.Sum());
    }
}
