using System.Text;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets.Formats;

/// <summary>
/// A word and its tag on each line (first and last column; tabs, else blanks), a blank line after each sentence.
/// <c>-DOCSTART-</c> begins a document, whose sentences stay together.
/// </summary>
internal sealed class Conll : IDatasetFormat
{
    public string Name => "conll";
    public IReadOnlyList<string> Endings => [".conll", ".bio", ".iob2"];
    public bool MayLackHeader => false;
    public TaskType? Task => TaskType.TokenClassification;

    public ColumnRoles? Roles { get; } =
        new(Header: true, Text: 0, TextB: -1, Label: 1, Id: -1, Split: -1, Group: 2, Guesses: []);

    /// <summary>Every line has columns of which the last is a tag, and a blank line comes after some.</summary>
    public bool LooksLike(ReadOnlySpan<byte> start)
    {
        var (words, blanks) = (0, 0);
        foreach (var range in start.Split((byte)'\n'))
        {
            var line = start[range].Trim(" \t\r"u8);
            if (range.End.Value == start.Length)
                continue; // may be cut off
            if (line.IsEmpty)
            {
                blanks++;
                continue;
            }
            var tag = line[(line.LastIndexOfAny((byte)' ', (byte)'\t') + 1)..];
            if (tag.Length == line.Length || !(tag is [(byte)'O'] or [(byte)'B' or (byte)'I', (byte)'-', _, ..]))
                return false;
            words++;
        }
        return words > 0 && blanks > 0;
    }

    public IRecordReader Open(string path, ReadingOptions options) =>
        new Records(Utf8Source.Open(path, options.Encoding));

    private sealed class Records(Utf8Source source) : TextRecords(source)
    {
        private readonly List<byte> _words = [];
        private readonly List<byte> _tags = [];
        private string? _previous;
        private long _first;
        private int _width;
        private bool _tabs;
        private int _document;
        private byte[][] _values =
        [
            [],
            [],
            [],
        ];

        public override IReadOnlyList<string> Columns { get; } = ["words", "tags", "document"];

        public override bool Read()
        {
            _words.Clear();
            _tags.Clear();
            _previous = null;
            while (NextLine())
            {
                var line = Record.TrimEnd(" \t"u8);
                if (line.IsEmpty)
                {
                    if (_words.Count > 0)
                        break;
                }
                else if (line.StartsWith("-DOCSTART-"u8))
                    _document++;
                else
                    Add(Encoding.UTF8.GetString(line));
            }
            _values =
            [
                [.. _words],
                [.. _tags],
                _document == 0 ? [] : Encoding.UTF8.GetBytes($"document {_document}"),
            ];
            return _words.Count > 0;
        }

        public override bool TryGet(int column, out ReadOnlySpan<byte> value)
        {
            value = _values[column];
            return !value.IsEmpty;
        }

        public override string Where(int column) => FileFault.Place(_first, 1);

        private void Add(string line)
        {
            if (_width == 0)
                _tabs = line.Contains('\t');
            var fields = _tabs ? line.Split('\t') : line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (_width == 0)
                _width = fields.Length;
            if (fields.Length != _width || fields.Length < 2)
                throw Fault(
                    PlaceOf(0),
                    $"the line has {fields.Length} columns; expected {Math.Max(2, _width)}: a word, its tag last"
                        + (_width > 1 ? ", as on the first line" : "")
                );
            var (word, tag) = (fields[0], fields[^1]);
            if (word.Length == 0 || word.Any(char.IsWhiteSpace))
                throw Fault(PlaceOf(0), $"the word '{word}' is empty or holds a blank; expected one word");
            if (EntityTags.Problem(tag, _previous) is { } problem)
                throw Fault(PlaceOf(0), problem);

            if (_words.Count == 0)
                _first = Line;
            else
            {
                _words.Add((byte)' ');
                _tags.Add((byte)' ');
            }
            _words.AddRange(Encoding.UTF8.GetBytes(word));
            _tags.AddRange(Encoding.UTF8.GetBytes(tag));
            _previous = tag;
        }
    }
}
