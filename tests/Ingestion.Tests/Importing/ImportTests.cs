using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Parquet;
using Parquet.Schema;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.Ingestion.Importing;

namespace TransferPipeline.Ingestion.Tests.Importing;

public sealed class When_files_are_imported : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_same_rows_give_the_same_id_in_every_format()
    {
        (string Text, string Label)[] rows =
        [
            ("plain", "0"),
            ("comma, \"quote\" and ünïcode 😀", "1"),
            (" blanks kept", "0"),
        ];
        string[] files =
        [
            _bench.Write(
                "a.csv",
                "text,label\r\n" + Lines(rows, row => $"\"{row.Text.Replace("\"", "\"\"")}\",{row.Label}\r\n")
            ),
            _bench.Write("a.tsv", "label\ttext\n" + Lines(rows, row => $"{row.Label}\t{row.Text}\n")),
            _bench.Write(
                "a.jsonl",
                Lines(
                    rows,
                    row =>
                        $$"""{"label":{{row.Label}},"text":{{JsonSerializer.Serialize(row.Text)}},"more":[1]}""" + "\n"
                )
            ),
            _bench.Write("a.lines", Lines(rows, row => $"{row.Label} {row.Text}\n")),
            await ParquetAsync("a.parquet", rows),
        ];

        var ids = new List<string>();
        foreach (var file in files)
            ids.Add(
                (
                    await _bench.ImportAsync(
                        file,
                        request =>
                            request with
                            {
                                Format = file.EndsWith("lines", StringComparison.Ordinal) ? "label-text" : null,
                            }
                    )
                )
                    .Document
                    .Id
            );

        Assert.Equal(Enumerable.Repeat("set@1", 5), ids);
    }

    [Fact]
    public async Task Labels_take_the_names_that_a_ready_made_model_gives()
    {
        var named = await _bench.ImportAsync(
            _bench.Write("a.csv", "text,label\na,1\nb,0\nc,2\n"),
            request =>
                request with
                {
                    LabelNames = ImportRequest.NamesOf(["0=negative", "1=positive = good"], "--labels "),
                }
        );
        var written = await _bench.ImportAsync(
            _bench.Write("b.csv", "text,label\na,positive = good\nb,negative\nc,2\n")
        );

        Assert.Equal(["2", "negative", "positive = good"], named.Document.Dataset.Labels);
        Assert.Equal(
            ["positive = good", "negative", "2"],
            _bench.Rows(named.Document.Dataset, "train").Select(row => row.Label)
        );
        Assert.Equal(written.Document.DatasetId, named.Document.DatasetId);
    }

    [Theory]
    [InlineData("3=none", "--labels 3: no row has the label '3'; expected one of 2, 0, 1")]
    [InlineData("0=1=2", "--labels: '0' and '1' would both be '1=2'")]
    [InlineData("0=2", "--labels 0=2: other rows have the label '2' already; expected a name of its own")]
    [InlineData("0= ", "--labels 0= : expected a name")]
    [InlineData("negative", "--labels negative: expected OLD=NEW, as in 0=negative")]
    public async Task A_name_that_no_label_can_have_is_refused(string name, string message) =>
        Assert.Contains(
            message,
            await _bench.RefusedAsync(
                _bench.Write("a.csv", "text,label\na,1\nb,0\nc,2\n"),
                request =>
                    request with
                    {
                        LabelNames = ImportRequest.NamesOf(
                            name.StartsWith('3') ? ["0=no", "1=yes", name]
                                : name.Contains("1=2") ? [name, "1=1=2"]
                                : [name],
                            "--labels "
                        ),
                    }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Numbers_have_no_names() =>
        Assert.Contains(
            "--labels names classes, and the task is regression",
            await _bench.RefusedAsync(
                _bench.Write("a.csv", "text,label\na,1.5\nb,0\n"),
                request =>
                    request with
                    {
                        Task = TaskType.Regression,
                        LabelNames = new Dictionary<string, string> { ["0"] = "1" },
                    }
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task New_content_under_a_name_gets_the_next_number_and_old_content_its_old_one()
    {
        var first = await _bench.ImportAsync(_bench.Write("a.csv", "text,label\na,0\nb,1\n"));
        var second = await _bench.ImportAsync(_bench.Write("a.csv", "text,label\na,0\nc,1\n"));
        var again = await _bench.ImportAsync(_bench.Write("a.csv", "text,label\na,0\nb,1\n"));

        Assert.Equal(
            [("set@1", true), ("set@2", true), ("set@1", false)],
            new[] { first, second, again }.Select(result => (result.Document.Id, result.IsNew))
        );
        Assert.Equal(first.Document.Dataset.Id, (await _bench.Documents.GetAsync("set@1"))!.DatasetId);
    }

    [Fact]
    public async Task Label_names_are_whole_numbers_by_size_or_words_by_code_point()
    {
        var numbers = await _bench.ImportAsync(_bench.Write("a.csv", "text,label\na,10\nb,9\nc,-1\n"));
        var words = await _bench.ImportAsync(_bench.Write("b.csv", "text,label\na,pos\nb,Neg\nc,10\n"));

        Assert.Equal(["-1", "9", "10"], numbers.Document.Dataset.Labels);
        Assert.Equal(["10", "Neg", "pos"], words.Document.Dataset.Labels);
    }

    [Fact]
    public async Task The_ends_of_file_names_say_the_splits_whatever_the_formats()
    {
        _bench.Write("reviews_train.csv", "text,label\na,0\nb,1\n");
        _bench.Write("valid.tsv", "text\tlabel\nc\t0\n");
        _bench.Write("my-test.jsonl", "{\"text\":\"d\",\"label\":1}\n");
        _bench.Write("unlabeled.txt", "e one\nf two, with a comma\ng three\n");
        _bench.Write("README.md", "# not data\n");

        var result = await _bench.ImportAsync(_bench[""]);

        Assert.Equal(
            [("train", 2L, 2L), ("dev", 1, 1), ("test", 1, 1), ("unlabelled", 3, 0)],
            result.Document.Dataset.Splits.Select(split => (split.Name, split.Rows, split.Labelled))
        );
        Assert.Contains("README.md: left out, its name ends in no split's name", result.Statistics.Notes);
        Assert.Equal("unlabelled-1", _bench.Rows(result.Document.Dataset, "unlabelled")[1].Id);
    }

    [Fact]
    public async Task A_column_may_say_the_splits_and_another_the_ids_and_groups()
    {
        var path = _bench.Write(
            "a.csv",
            "key,text,label,split,article\nx,a,0,train,1\ny,b,1,Validation,\nz,c,1,train,2\n"
        );

        var result = await _bench.ImportAsync(
            path,
            request => request with { Columns = new NamedColumns(Id: "key", Group: "article") }
        );

        Assert.Equal(
            [new Example("x", "a", Label: "0", Group: "1"), new Example("z", "c", Label: "1", Group: "2")],
            _bench.Rows(result.Document.Dataset, "train")
        );
        Assert.Equal([new Example("y", "b", Label: "1")], _bench.Rows(result.Document.Dataset, "dev"));
    }

    [Fact]
    public async Task What_was_guessed_is_told()
    {
        var result = await _bench.ImportAsync(_bench.Write("a.csv", "id,review,stars\nx,good,5\ny,bad,1\n"));

        Assert.Equal(
            ["a.csv (csv): id: column 'id', label: column 'stars', text: column 'review'", "task: classification"],
            result.Statistics.Notes
        );
    }

    [Fact]
    public async Task Columns_without_names_are_told_apart_by_their_values_and_may_be_given_by_number()
    {
        var guessed = await _bench.ImportAsync(
            _bench.Write("a.tsv", "ham\tsee you\nspam\twin now\nham\tok\nspam\tfree\n")
        );
        var given = await _bench.ImportAsync(
            _bench.Write("b.tsv", "gj04\t1\tham\tsee you\ncj99\t0\tspam\twin now\n"),
            request => request with { Columns = new NamedColumns(Text: "4", Label: "3") }
        );

        Assert.Equal(
            ["see you", "win now", "ok", "free"],
            _bench.Rows(guessed.Document.Dataset, "train").Select(row => row.Text)
        );
        Assert.Equal(
            [("see you", "ham"), ("win now", "spam")],
            _bench.Rows(given.Document.Dataset, "train").Select(row => (row.Text, row.Label!))
        );
    }

    [Fact]
    public async Task Unusual_column_names_are_still_names()
    {
        var result = await _bench.ImportAsync(
            _bench.Write("a.csv", "utt,mood\nhello,good\nbye,bad\nwell,good\nno,bad\n")
        );

        Assert.Equal(["bad", "good"], result.Document.Dataset.Labels);
        Assert.Equal(4, result.Document.Dataset.Find("train")!.Rows);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task Byte_order_marks_are_honoured(string encoding)
    {
        var bytes = Encoding.GetEncoding(encoding) is var with
            ? with.GetPreamble().Concat(with.GetBytes("text,label\nschön 😀,1\nb,0\n"))
            : [];

        var result = await _bench.ImportAsync(_bench.Write("a.csv", [.. bytes]));

        Assert.Equal("schön 😀", _bench.Rows(result.Document.Dataset, "train")[0].Text);
    }

    [Fact]
    public async Task Statistics_count_what_is_there()
    {
        var result = await _bench.ImportAsync(
            _bench.Write("a.csv", "text,label\naa,0\nbbbb,1\ncccccc,0\naa,1\ndddd,\n")
        );

        var split = Assert.Single(result.Statistics.Splits);
        Assert.Equal((5, 4, 1), (split.Rows, split.Labelled, split.Duplicates));
        Assert.Equal((2, 2), (split.Labels["0"], split.Labels["1"]));
        Assert.Equal(new LengthStatistics(2, 3.6, 4, 6, 6), split.Characters);
        var stored = JsonSerializer.Deserialize<DatasetStatistics>(
            await File.ReadAllTextAsync(_bench.FileOf(result.Document.Statistics!)),
            WireFormat.Options
        );
        Assert.Equal(split.Characters, stored!.Splits[0].Characters);
    }

    [Fact]
    public async Task A_fraction_is_cut_by_seed_and_class()
    {
        var path = _bench.Write(
            "a.csv",
            "text,label\n"
                + string.Concat(Enumerable.Range(0, 100).Select(row => $"text {row},{(row < 60 ? "a" : "b")}\n"))
        );
        var fractions = new Dictionary<string, double> { ["test"] = 0.2, ["dev"] = 0.1 };

        var one = await _bench.ImportAsync(path, request => request with { Fractions = fractions });
        var same = await _bench.ImportAsync(path, request => request with { Fractions = fractions });
        var other = await _bench.ImportAsync(path, request => request with { Fractions = fractions, Seed = 21 });

        Assert.Equal(
            [("train", 70L), ("dev", 10), ("test", 20)],
            one.Document.Dataset.Splits.Select(split => (split.Name, split.Rows))
        );
        Assert.Equal((12, 8), (one.Statistics.Splits[2].Labels["a"], one.Statistics.Splits[2].Labels["b"]));
        Assert.Equal(one.Document.DatasetId, same.Document.DatasetId);
        Assert.NotEqual(one.Document.DatasetId, other.Document.DatasetId);
    }

    [Fact]
    public void A_fraction_never_parts_duplicates_or_groups()
    {
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 12], Gen.Bool)
            .Array[5, 120]
            .Sample(
                rows =>
                {
                    var lines = rows.Select(row =>
                        $"t{row.Item1},{(row.Item3 ? 1 : 0)},{(row.Item2 < 8 ? $"g{row.Item2}" : "")}\n"
                    );
                    var path = _bench.Write("a.csv", "text,label,group\n" + string.Concat(lines));

                    var result = _bench
                        .ImportAsync(
                            path,
                            request =>
                                request with
                                {
                                    Task = TaskType.Classification,
                                    Columns = new NamedColumns(Group: "group"),
                                    Fractions = new Dictionary<string, double> { ["test"] = 0.3 },
                                }
                        )
                        .GetAwaiter()
                        .GetResult();

                    if (
                        result.Document.Dataset.Find("test") is not { } test
                        || result.Document.Dataset.Find("train") is not { } train
                    )
                        return;
                    var (left, right) = (_bench.Rows(train), _bench.Rows(test));
                    Assert.Equal(rows.Length, left.Count + right.Count);
                    Assert.Empty(left.Select(row => row.Text).Intersect(right.Select(row => row.Text)));
                    Assert.Empty(
                        left.Select(row => row.Group)
                            .OfType<string>()
                            .Intersect(right.Select(row => row.Group).OfType<string>())
                    );
                },
                iter: 40,
                threads: 1
            );
    }

    [Fact]
    public async Task Parquet_columns_of_other_types_are_read_as_text()
    {
        var path = _bench.Write("train.parquet", "");
        var text = new DataField<string>("sentence");
        var label = new DataField<double?>("score");
        await using (var file = File.Create(path))
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(text, label), file))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(text, (string[])["a", "b", "c"]);
            await group.WriteAsync<double>(label, (double?[])[0.5, null, 2]);
        }

        var result = await _bench.ImportAsync(path);

        Assert.Equal(TaskType.Regression, result.Document.Dataset.Task);
        Assert.Equal(["0.5", null, "2"], _bench.Rows(result.Document.Dataset, "train").Select(row => row.Label));
    }

    private static string Lines<T>(IEnumerable<T> rows, Func<T, string> line) => string.Concat(rows.Select(line));

    private async Task<string> ParquetAsync(string name, (string Text, string Label)[] rows)
    {
        var path = _bench.Write(name, "");
        var text = new DataField<string>("text");
        var label = new DataField<long>("label");
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(label, text), file);
        using var group = writer.CreateRowGroup();
        await group.WriteAsync<long>(
            label,
            rows.Select(row => long.Parse(row.Label, CultureInfo.InvariantCulture)).ToArray()
        );
        await group.WriteAsync(text, rows.Select(row => row.Text).ToArray());
        return path;
    }
}
