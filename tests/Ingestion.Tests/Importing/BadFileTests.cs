using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.Ingestion.Importing;

namespace TransferPipeline.Ingestion.Tests.Importing;

/// <summary>Each refusal is whole: <see cref="Workbench.RefusedAsync"/> also sees that nothing was stored.</summary>
public sealed class When_a_data_file_is_wrong : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(
        "a.csv",
        "text,label\nfine,1\ntoo,many,0\n",
        "a.csv: line 3, column 10: the row has 3 fields; expected 2, as in the first row; a field that holds separators must be quoted"
    )]
    [InlineData(
        "a.csv",
        "text,label\nfine,1\nfew\n",
        "a.csv: line 3, column 4: the row has 1 fields; expected 2, as in the first row"
    )]
    [InlineData(
        "a.csv",
        "text,label\n\"two\nlines\",1\nfew\n",
        "a.csv: line 4, column 4: the row has 1 fields; expected 2, as in the first row"
    )]
    [InlineData(
        "a.tsv",
        "text\tlabel\nfine\t1\na\tb\tc\n",
        "a.tsv: line 3, column 5: the row has 3 fields; expected 2, as in the first row"
    )]
    [InlineData(
        "a.csv",
        "text,label\nfine,1\n\nmore,0\n",
        "a.csv: line 3, column 1: the row has 1 fields; expected 2, as in the first row"
    )]
    [InlineData(
        "a.csv",
        "text,label\nfine,1\n ok,\"0\nmore,1\n",
        "a.csv: line 3, column 5: the quote opened here is never closed; expected a closing quote"
    )]
    [InlineData(
        "a.csv",
        "text,label\n\"fine\"er,1\n",
        "a.csv: line 2, column 7: text after a closing quote; expected a separator or the line's end"
    )]
    [InlineData(
        "a.csv",
        "text,label\nfine,1\n\"  \",0\n",
        "a.csv: line 3, column 2: the text is empty; expected a text"
    )]
    [InlineData(
        "a.csv",
        "text,label\nfine,1\n\u00A0,0\n",
        "a.csv: line 3, column 1: the text is empty; expected a text"
    )]
    [InlineData(
        "a.jsonl",
        "{\"text\":\"a\",\"label\":1}\n{\"label\":0}\n",
        "a.jsonl: line 2, column 1: the text is missing; expected a text"
    )]
    [InlineData(
        "a.jsonl",
        "{\"text\":\"a\",\"label\":1}\n{\"text\":null,\"label\":0}\n",
        "a.jsonl: line 2, column 9: the text is missing; expected a text"
    )]
    [InlineData(
        "a.jsonl",
        "{\"text\":\"é\",\"label\":1}\n{\"text\":\"b\" \"label\":0}\n",
        "a.jsonl: line 2, column 13: not a whole JSON object; expected JSON Lines: one object on each line"
    )]
    [InlineData(
        "a.json",
        "[{\"text\":\"a\"}]\n",
        "a.json: line 1, column 1: not a whole JSON object; expected JSON Lines: one object on each line"
    )]
    [InlineData(
        "a.json",
        "{\n\"text\":\"a\"}\n",
        "a.json: line 1, column 2: not a whole JSON object; expected JSON Lines: one object on each line"
    )]
    [InlineData(
        "a.jsonl",
        "{\"text\":[\"a\"],\"label\":1}\n",
        "a.jsonl: line 1, column 9: 'text' is a list or an object; expected a string or a number"
    )]
    [InlineData(
        "a.jsonl",
        "{\"text\":\"\\ud800\",\"label\":1}\n",
        "a.jsonl: line 1, column 1: not a whole JSON object; expected JSON Lines: one object on each line"
    )]
    [InlineData(
        "a.train",
        "1 fine\n0 good\n1 more\n0\n",
        "a.train: line 4, column 1: expected a label, a blank and a text",
        "label-text"
    )]
    [InlineData(
        "a.train",
        "1 fine\n\n0 good\n",
        "a.train: line 2, column 1: the line is empty; expected a label, a blank and a text",
        "label-text"
    )]
    [InlineData("a.csv", "", "a.csv: the file is empty; expected rows")]
    [InlineData("a.csv", "text,label\n", "a.csv: the file has no rows; expected at least one")]
    [InlineData(
        "a.csv",
        "id,text,label\nx,a,1\ny,b,0\nx,c,1\n",
        "a.csv: line 4, column 1: the id 'x' is used twice; expected different ids (--id none numbers the rows instead)"
    )]
    [InlineData("a.csv", "id,text,label\nx,a,1\n,b,0\n", "a.csv: line 3, column 1: the id is empty; expected an id")]
    [InlineData(
        "a.csv",
        "text,label,split\na,1,train\nb,0,tst\n",
        "a.csv: line 3, column 5: there is no split 'tst'; expected one of train, dev, test, unlabelled"
    )]
    [InlineData(
        "a.csv",
        "one,two,three\na,b,1\nc,d,0\n",
        "a.csv: which column holds the text? expected a name like text, sentence or review, or --text COL; there are '1' (such as \"one\"), '2' (such as \"two\"), '3' (such as \"three\")"
    )]
    [InlineData(
        "a.csv",
        "text,text,label\na,b,1\n",
        "a.csv: line 1: two columns are called 'text'; expected different names"
    )]
    [InlineData(
        "a.parquet",
        "text,label\n",
        "a.parquet: is a text file, not Parquet; expected PAR1 as its first bytes"
    )]
    [InlineData("a.csv", "PAR1\0\0PAR1", "a.csv: is a Parquet file, not csv")]
    [InlineData("a.csv", "text,label\na\0b,1\n", "a.csv: is a binary file, not csv")]
    [InlineData("a.tsv", "%PDF-1.7", "a.tsv: is a PDF document, not tsv")]
    [InlineData(
        "a.csv",
        "a",
        "--format xml: there is no such format; expected one of parquet, squad, wrench, jsonl, conll, tsv, csv, label-text, text",
        "xml"
    )]
    public async Task The_message_names_the_place_and_what_was_expected(
        string name,
        string content,
        string message,
        string? format = null
    ) =>
        Assert.Equal(
            message,
            await _bench.RefusedAsync(_bench.Write(name, content), request => request with { Format = format })
        );

    [Fact]
    public async Task A_fault_in_the_last_file_leaves_nothing_of_the_first()
    {
        _bench.Write("train.csv", "text,label\na,0\nb,1\n");
        _bench.Write("test.csv", "text,label\nc,0\nd,1,2\n");

        var message = await _bench.RefusedAsync(_bench[""]);

        Assert.StartsWith("test.csv: line 3, column 5: the row has 3 fields", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_that_train_lacks_is_refused_wherever_it_first_stands()
    {
        _bench.Write("train.csv", "text,label\na,neg\nb,pos\n");
        _bench.Write("dev.csv", "text,label\nc,neg\nd,neutral\ne,neutral\n");
        _bench.Write("test.csv", "text,label\nf,Pos\n");

        var message = await _bench.RefusedAsync(_bench[""]);

        Assert.Equal(
            """
            dev.csv: line 3, column 3: the label 'neutral' is not in train; expected one of neg, pos
            test.csv: line 2, column 3: the label 'Pos' is not in train; expected one of neg, pos
            """,
            message
        );
    }

    [Fact]
    public async Task A_label_that_is_no_number_is_refused_in_a_regression()
    {
        var path = _bench.Write("a.csv", "text,label\na,0.5\nb,high\n");

        var message = await _bench.RefusedAsync(path, request => request with { Task = TaskType.Regression });

        Assert.Equal(
            "a.csv: line 3, column 3: the label 'high' is no number; expected a number, as --task regression asks",
            message
        );
    }

    [Fact]
    public async Task A_column_that_is_not_there_is_refused_with_those_that_are()
    {
        var path = _bench.Write("a.csv", "text,label\na,0\nb,1\n");

        Assert.Equal(
            "a.csv: --text body: there is no such column; expected one of 'text', 'label'",
            await _bench.RefusedAsync(path, request => request with { Columns = new NamedColumns(Text: "body") })
        );
        Assert.Equal(
            "a.csv: --label class: there is no such column; expected one of 'text', 'label'",
            await _bench.RefusedAsync(path, request => request with { Columns = new NamedColumns(Label: "class") })
        );
    }

    [Fact]
    public async Task Bytes_that_are_not_utf_8_are_refused_with_their_offset_and_the_way_out()
    {
        var path = _bench.Write("a.csv", [.. "text,label\nschön,1\nsch"u8, 0xF6, .. "n,0\n"u8]);

        Assert.Equal(
            "a.csv: line 3, column 4: byte 0xF6 at offset 23 is not UTF-8; if the file is Latin-1, give --encoding latin1",
            await _bench.RefusedAsync(path)
        );
    }

    [Fact]
    public async Task A_character_cut_off_by_the_end_of_the_file_is_not_utf_8()
    {
        var path = _bench.Write("a.csv", [.. "text,label\na,1\nb,"u8, 0xE2, 0x82]);

        Assert.StartsWith(
            "a.csv: line 3, column 3: byte 0xE2 at offset 17 is not UTF-8",
            await _bench.RefusedAsync(path),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0 }, "a.csv: is a gzip archive, not csv; unpack it first")]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4, 20 }, "a.csv: is a zip archive, not csv; unpack it first")]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 4 }, "a.csv: is a zstd archive, not csv; unpack it first")]
    [InlineData(new byte[] { 0xFD, 0x37, 0x7A, 0x58, 0x5A, 0 }, "a.csv: is an xz archive, not csv; unpack it first")]
    public async Task An_archive_under_the_name_of_a_table_is_refused(byte[] content, string message) =>
        Assert.Equal(message, await _bench.RefusedAsync(_bench.Write("a.csv", content)));

    [Fact]
    public async Task A_parquet_file_that_was_cut_off_is_refused()
    {
        var path = _bench.Write("a.parquet", [.. "PAR1"u8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

        var message = await _bench.RefusedAsync(path);

        Assert.StartsWith("a.parquet: not a whole Parquet file", message, StringComparison.Ordinal);
        Assert.EndsWith("expected PAR1 at both ends", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_quote_in_a_large_file_is_found_without_reading_on_for_ever()
    {
        var text = new StringBuilder("text,label\n\"open,1\n");
        for (var row = 0; row < 900_000; row++)
            text.Append("another row of text,0\n");

        var message = await _bench.RefusedAsync(_bench.Write("a.csv", text.ToString()));

        Assert.Equal(
            "a.csv: line 2, column 1: the quote opened here is never closed; expected a closing quote",
            message
        );
    }

    [Fact]
    public async Task A_split_that_leaks_is_reported_and_refused_only_when_strict()
    {
        _bench.Write("train.csv", "text,label\nseen,0\nother,1\nseen,0\n");
        _bench.Write("test.csv", "text,label\nnew,0\nseen,1\nseen,1\n");

        Assert.Equal(
            "test.csv: line 3, column 1: the text \"seen\" is in another split; train and test have 1 texts in common, and --strict allows none",
            await _bench.RefusedAsync(_bench[""], request => request with { Strict = true })
        );

        var result = await _bench.ImportAsync(_bench[""]);
        var leak = Assert.Single(result.Statistics.Leaks);
        Assert.Equal(("train", "test", 1), (leak.Split, leak.Other, leak.Texts));
        Assert.Equal([1L, 1L], result.Statistics.Splits.Select(split => split.Duplicates));
    }

    [Fact]
    public async Task Files_whose_names_say_no_split_or_the_same_one_are_refused()
    {
        _bench.Write("one.csv", "text,label\na,0\n");
        _bench.Write("two.csv", "text,label\nb,0\n");
        Assert.EndsWith(
            "no file name ends in train, dev, test, unlabelled; name the files with --split NAME=PATH",
            await _bench.RefusedAsync(_bench[""]),
            StringComparison.Ordinal
        );

        _bench.Write("val.csv", "text,label\na,0\n");
        _bench.Write("dev.csv", "text,label\nb,0\n");
        Assert.EndsWith(
            "dev.csv and val.csv both say dev; name the files with --split NAME=PATH",
            await _bench.RefusedAsync(_bench[""]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_request_that_contradicts_itself_is_refused()
    {
        var path = _bench.Write("a.csv", "text,label\na,0\nb,1\n");
        var tenth = new Dictionary<string, double> { ["test"] = 0.1 };

        Assert.StartsWith(
            "--name a@b:",
            await _bench.RefusedAsync(path, request => request with { Name = "a@b" }),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "--split test=1.5: expected a share between 0 and 1",
            await _bench.RefusedAsync(
                path,
                request => request with { Fractions = new Dictionary<string, double> { ["test"] = 1.5 } }
            )
        );
        Assert.Equal(
            "--split test: the files already say their splits; a share can only be cut from train",
            await _bench.RefusedAsync(
                path,
                request =>
                    request with
                    {
                        Fractions = tenth,
                        Splits = [new SplitFile("test", _bench.Write("b.csv", "text,label\nc,0\n"))],
                    }
            )
        );
        Assert.Equal(
            "--task pair-classification: name the column of the second text with --text-b",
            await _bench.RefusedAsync(path, request => request with { Task = TaskType.PairClassification })
        );
        Assert.StartsWith(
            "--split exam:",
            await _bench.RefusedAsync(path, request => request with { Splits = [new SplitFile("exam", path)] }),
            StringComparison.Ordinal
        );
        Assert.Equal("missing.csv: there is no such file", await _bench.RefusedAsync(_bench["missing.csv"]));
    }
}
