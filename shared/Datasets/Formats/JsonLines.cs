using System.Text;
using System.Text.Json;

namespace TransferPipeline.Datasets.Formats;

/// <summary>One JSON object per line; numbers and truth values are read as they are written.</summary>
internal sealed class JsonLines : IDatasetFormat
{
    public string Name => "jsonl";
    public IReadOnlyList<string> Endings => [".jsonl", ".ndjson", ".json"];
    public bool MayLackHeader => false;

    public bool LooksLike(ReadOnlySpan<byte> start) => start.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    public IRecordReader Open(string path, ReadingOptions options) =>
        new Records(Utf8Source.Open(path, options.Encoding), KeysOf(path, options.Encoding));

    /// <summary>The keys of the first objects, in the order in which they appear.</summary>
    private static List<string> KeysOf(string path, TextEncoding encoding)
    {
        const int objects = 100;
        using var records = new Records(Utf8Source.Open(path, encoding), []);
        for (var read = 0; read < objects && records.Read(); read++) { }
        return records.Unknown;
    }

    private sealed class Records(Utf8Source source, List<string> columns) : TextRecords(source)
    {
        private readonly byte[][] _names = [.. columns.Select(Encoding.UTF8.GetBytes)];
        private readonly Value[] _values = new Value[columns.Count];
        private bool[] _chosen = new bool[columns.Count];
        private byte[] _unescaped = [];
        private int _unescapedUsed;

        public override IReadOnlyList<string> Columns => columns;

        /// <summary>Keys seen that are no columns.</summary>
        public List<string> Unknown { get; } = [];

        public override void Choose(IReadOnlyList<int> chosen)
        {
            _chosen = new bool[columns.Count];
            foreach (var column in chosen)
                _chosen[column] = true;
        }

        public override bool Read()
        {
            if (!NextLine())
                return false;
            _unescapedUsed = 0;
            Array.Clear(_values);
            try
            {
                ReadObject();
            }
            catch (Exception fault) when (fault is JsonException or InvalidOperationException)
            {
                var at = (int)((fault as JsonException)?.BytePositionInLine ?? 0);
                throw Fault(
                    PlaceOf(Math.Min(at, Record.Length)),
                    "not a whole JSON object; expected JSON Lines: one object on each line"
                );
            }
            return true;
        }

        public override bool TryGet(int column, out ReadOnlySpan<byte> value)
        {
            var found = _values[column];
            value = found.Unescaped
                ? _unescaped.AsSpan(found.Start, found.Length)
                : Record.Slice(found.Start, found.Length);
            return found.Present;
        }

        public override string Where(int column) => PlaceOf(_values[column].Position);

        private void ReadObject()
        {
            var json = new Utf8JsonReader(Record);
            if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
                throw new JsonException();
            while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
            {
                var column = ColumnOf(ref json);
                json.Read();
                if (column >= 0 && _chosen[column])
                    _values[column] = ValueOf(ref json, column);
                else
                    json.Skip();
            }
            // Reads on to see that nothing follows.
            while (json.Read()) { }
        }

        private int ColumnOf(ref Utf8JsonReader json)
        {
            for (var column = 0; column < _names.Length; column++)
                if (json.ValueTextEquals(_names[column]))
                    return column;
            if (columns.Count == 0 && json.GetString() is { } name && !Unknown.Contains(name))
                Unknown.Add(name);
            return -1;
        }

        private Value ValueOf(ref Utf8JsonReader json, int column)
        {
            var position = (int)json.TokenStartIndex;
            switch (json.TokenType)
            {
                case JsonTokenType.Null:
                    return new Value(Present: false, false, 0, 0, position);
                case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                    return new Value(Present: true, false, position, json.ValueSpan.Length, position);
                case JsonTokenType.String when !json.ValueIsEscaped:
                    return new Value(Present: true, false, position + 1, json.ValueSpan.Length, position);
                case JsonTokenType.String:
                    if (_unescaped.Length - _unescapedUsed < json.ValueSpan.Length)
                        Array.Resize(ref _unescaped, 2 * (_unescapedUsed + json.ValueSpan.Length));
                    var length = json.CopyString(_unescaped.AsSpan(_unescapedUsed));
                    _unescapedUsed += length;
                    return new Value(Present: true, true, _unescapedUsed - length, length, position);
                default:
                    throw Fault(
                        PlaceOf(position),
                        $"'{columns[column]}' is a list or an object; expected a string or a number"
                    );
            }
        }

        private readonly record struct Value(bool Present, bool Unescaped, int Start, int Length, int Position);
    }
}
