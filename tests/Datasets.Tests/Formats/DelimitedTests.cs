using System.Text;
using CsCheck;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.TestKit;

namespace TransferPipeline.Datasets.Tests.Formats;

public sealed class When_a_table_of_text_is_read : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a,b\n1,2\n", "1|2")]
    [InlineData("a,b\r\n1,2\r\n", "1|2")]
    [InlineData("a,b\n1,2", "1|2")]
    [InlineData("a,b\n1,2\n\n\r\n\n", "1|2")]
    [InlineData("a,b\n\"1,5\",\"say \"\"hi\"\"\"\n", "1,5|say \"hi\"")]
    [InlineData("a,b\n\"two\r\nlines\",\"\"\n", "two\r\nlines|")]
    [InlineData("a,b\n1 \"loose\" quote,2\n", "1 \"loose\" quote|2")]
    [InlineData("a,b\n\"x\"\r\n", "x", true)]
    [InlineData("a;b\n1,5;2\n", "1,5|2")]
    [InlineData("a;b\n1;2\n", "1|2")]
    [InlineData("a,b\n,\n", "|")]
    [InlineData("a,b\n\"\",\"\"", "|")]
    public void Rfc_4180_is_followed(string content, string fields, bool ragged = false)
    {
        var path = _folder.Write("t.csv", content);

        if (ragged)
            Assert.Throws<Contracts.BadInputException>(() => ReadAll(path, new Csv()));
        else
            Assert.Equal([fields], ReadAll(path, new Csv()).Select(row => string.Join("|", row)));
    }

    [Fact]
    public void Tabs_part_fields_and_quotes_mean_nothing()
    {
        var path = _folder.Write("t.tsv", "a\tb\n\"open\t2\"\"\n");

        Assert.Equal(["\"open", "2\"\""], ReadAll(path, new Tsv()).Single());
    }

    [Fact]
    public void Whatever_is_written_with_quotes_is_read_back()
    {
        var field = Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.Char[",\"\n\ré€\t"]), 0, 12];
        Gen.Select(field, field, field)
            .Array[1, 30]
            .Sample(
                rows =>
                {
                    var text = new StringBuilder("a,b,c\n");
                    foreach (var (a, b, c) in rows)
                        text.Append(Quoted(a)).Append(',').Append(Quoted(b)).Append(',').Append(Quoted(c)).Append('\n');
                    var path = _folder.Write("p.csv", text.ToString());

                    Assert.Equal(
                        rows.Select(row => new[] { row.Item1, row.Item2, row.Item3 }),
                        ReadAll(path, new Csv())
                    );
                },
                iter: 200,
                threads: 1
            );
    }

    [Fact]
    public void Records_and_characters_across_the_edges_of_buffers_stay_whole()
    {
        var rows = Enumerable
            .Range(0, 3000)
            .Select(row =>
                new[] { $"{row}", string.Concat(Enumerable.Repeat("ü€😀\n\"", row % 97 * (row % 500 == 0 ? 300 : 1))) }
            )
            .ToList();
        var path = _folder.Write("l.csv", "a,b\n" + string.Concat(rows.Select(row => $"{row[0]},{Quoted(row[1])}\n")));

        Assert.Equal(rows, ReadAll(path, new Csv()));
    }

    [Fact]
    public void A_place_counts_lines_inside_of_quotes()
    {
        var path = _folder.Write("w.csv", "a,b\n\"x\ny\",\"é\nz\"\nlast,row\n");
        using var reader = new Csv().Open(path, new ReadingOptions());

        Assert.True(reader.Read());
        Assert.Equal("line 2, column 2", reader.Where(0));
        Assert.Equal("line 3, column 5", reader.Where(1));
        Assert.True(reader.Read());
        Assert.Equal("line 5, column 6", reader.Where(1));
    }

    private static string Quoted(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static List<string[]> ReadAll(string path, IDatasetFormat format)
    {
        using var reader = format.Open(path, new ReadingOptions());
        reader.Choose([.. Enumerable.Range(0, reader.Columns.Count)]);
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([
                .. Enumerable
                    .Range(0, reader.Columns.Count)
                    .Select(column => reader.TryGet(column, out var value) ? Encoding.UTF8.GetString(value) : "-"),
            ]);
        return rows;
    }
}

public sealed class When_the_format_of_a_file_is_not_named : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.CSV", "anything", "csv")]
    [InlineData("a.ndjson", "{}", "jsonl")]
    [InlineData("a.tab", "a", "tsv")]
    [InlineData("a", "{\"text\":1}\n", "jsonl")]
    [InlineData("a.txt", "1\ta b\n0\tc d\n", "tsv")]
    [InlineData("a.txt", "text,label\na,1\nb,0\n", "csv")]
    [InlineData("a.train", "1 one, two\n0 three\n1 four\n0 five\n", "label-text")]
    [InlineData("a.txt", "It was late, and dark.\nNobody came.\nThen, at last, a bell.\n", "text")]
    public void Its_ending_or_its_beginning_says_it(string name, string content, string format) =>
        Assert.Equal(format, DatasetFormats.Of(_folder.Write(name, content)).Name);
}

public sealed class When_fingerprints_are_marked
{
    [Fact]
    public void A_table_behaves_as_a_dictionary_would()
    {
        using var table = new FingerprintTable();
        var expected = new Dictionary<UInt128, int>();
        var random = new SeededRandom(1, "fingerprints");

        for (var step = 0; step < 300_000; step++)
        {
            // Few enough different ones to come again, all bits in use.
            var fingerprint = TextFingerprint.Of(BitConverter.GetBytes(random.Next(100_000)));
            var mark = 1 << random.Next(4);
            var before = expected.GetValueOrDefault(fingerprint);
            expected[fingerprint] = before | mark;
            Assert.Equal(before, table.Mark(fingerprint, mark));
        }

        Assert.Equal(expected.Count, table.Count);
    }
}
