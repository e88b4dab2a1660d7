namespace TransferPipeline.Datasets.Formats;

/// <summary>Lines of <c>label text</c>: the label ends at the first blank or tab.</summary>
internal sealed class LabelText : IDatasetFormat
{
    public string Name => "label-text";
    public IReadOnlyList<string> Endings => [];
    public bool MayLackHeader => false;

    /// <summary>The first words of the lines repeat as labels do.</summary>
    public bool LooksLike(ReadOnlySpan<byte> start)
    {
        var words = new HashSet<string>();
        var lines = 0;
        foreach (var range in start.Split((byte)'\n'))
        {
            var line = start[range].TrimEnd((byte)'\r');
            // The last line may be cut off.
            if (line.IsEmpty || range.End.Value == start.Length)
                continue;
            var end = line.IndexOfAny((byte)' ', (byte)'\t');
            if (end <= 0 || end > 64)
                return false;
            words.Add(System.Text.Encoding.Latin1.GetString(line[..end]));
            lines++;
        }
        return lines > 0 && words.Count <= lines / 2 && words.Count <= Math.Clamp(lines / 10, 3, 100);
    }

    public IRecordReader Open(string path, ReadingOptions options) =>
        new Records(Utf8Source.Open(path, options.Encoding));

    private sealed class Records(Utf8Source source) : TextRecords(source)
    {
        private int _labelEnd;

        public override IReadOnlyList<string> Columns { get; } = ["label", "text"];

        public override bool Read()
        {
            if (!NextLine())
                return false;
            _labelEnd = Record.IndexOfAny((byte)' ', (byte)'\t');
            if (_labelEnd <= 0)
                throw Fault(
                    PlaceOf(Math.Max(_labelEnd, 0)),
                    Record.IsEmpty
                        ? "the line is empty; expected a label, a blank and a text"
                        : "expected a label, a blank and a text"
                );
            return true;
        }

        public override bool TryGet(int column, out ReadOnlySpan<byte> value)
        {
            value = column == 0 ? Record[.._labelEnd] : Record[(_labelEnd + 1)..];
            return true;
        }

        public override string Where(int column) => PlaceOf(column == 0 ? 0 : _labelEnd + 1);
    }
}

/// <summary>One text per line, without labels.</summary>
internal sealed class LineText : IDatasetFormat
{
    public string Name => "text";
    public IReadOnlyList<string> Endings => [];
    public bool MayLackHeader => false;

    public bool LooksLike(ReadOnlySpan<byte> start) => true;

    public IRecordReader Open(string path, ReadingOptions options) =>
        new Records(Utf8Source.Open(path, options.Encoding));

    private sealed class Records(Utf8Source source) : TextRecords(source)
    {
        public override IReadOnlyList<string> Columns { get; } = ["text"];

        public override bool Read() => NextLine();

        public override bool TryGet(int column, out ReadOnlySpan<byte> value)
        {
            value = Record;
            return true;
        }

        public override string Where(int column) => PlaceOf(0);
    }
}
