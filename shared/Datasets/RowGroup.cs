using System.Text;
using Parquet;
using Parquet.Schema;

namespace TransferPipeline.Datasets;

/// <summary>The columns of a stored split, and rows gathered for one row group of it.</summary>
internal sealed class RowGroup
{
    /// <summary>About 4 MB of UTF-16 and at most as many rows keep two groups per split small beside the parser.</summary>
    private const int Characters = 2 * 1024 * 1024;
    private const int MostRows = 32 * 1024;

    public static readonly DataField<string> Id = Text("id", nullable: false);
    public static readonly DataField<string> First = Text("text", nullable: false);
    public static readonly DataField<string> Second = Text("textB", nullable: true);
    public static readonly DataField<string> Label = Text("label", nullable: true);
    public static readonly DataField<float> Weight = new("weight");
    public static readonly DataField<int> Origin = new("origin");
    public static readonly DataField<string> Source = Text("source", nullable: true);
    public static readonly DataField<string> Group = Text("group", nullable: true);
    public static readonly ParquetSchema Schema = new(Id, First, Second, Label, Weight, Origin, Source, Group);

    private readonly TextColumn _id = new(Id);
    private readonly TextColumn _text = new(First);
    private readonly TextColumn _textB = new(Second);
    private readonly TextColumn _label = new(Label);
    private readonly TextColumn _source = new(Source);
    private readonly TextColumn _group = new(Group);
    private readonly List<float> _weights = [];
    private readonly List<int> _origins = [];
    private char[] _characters = new char[64 * 1024];
    private int _used;
    private int _gathered;

    public int Rows => _weights.Count;

    /// <summary>False, and nothing added, where the group already holds rows and this one does not fit.</summary>
    public bool TryAdd(in Utf8Row row)
    {
        var size =
            row.Id.Length
            + row.Text.Length
            + row.TextB.Length
            + row.Label.Length
            + row.Source.Length
            + row.Group.Length;
        if (Rows > 0 && (Rows == MostRows || _gathered + size > Characters))
            return false;
        _gathered += size;
        // Spans into the old array stay valid when it is replaced: each column keeps its own memory.
        if (_used + size > _characters.Length)
            Grow(size);

        Add(_id, row.Id, present: true);
        Add(_text, row.Text, present: true);
        Add(_textB, row.TextB, row.HasTextB);
        Add(_label, row.Label, row.HasLabel);
        Add(_source, row.Source, row.HasSource);
        Add(_group, row.Group, row.HasGroup);
        _weights.Add(row.Weight);
        _origins.Add((int)row.Origin);
        return true;
    }

    public async Task WriteAsync(ParquetWriter writer, CancellationToken cancellation)
    {
        using var group = writer.CreateRowGroup();
        await _id.WriteAsync(group, cancellation);
        await _text.WriteAsync(group, cancellation);
        await _textB.WriteAsync(group, cancellation);
        await _label.WriteAsync(group, cancellation);
        await group.WriteAsync<float>(Weight, _weights.ToArray(), cancellationToken: cancellation);
        await group.WriteAsync<int>(Origin, _origins.ToArray(), cancellationToken: cancellation);
        await _source.WriteAsync(group, cancellation);
        await _group.WriteAsync(group, cancellation);
        group.CompleteValidate();
    }

    public void Clear()
    {
        foreach (var column in (ReadOnlySpan<TextColumn>)[_id, _text, _textB, _label, _source, _group])
            column.Clear();
        _weights.Clear();
        _origins.Clear();
        (_used, _gathered) = (0, 0);
        // One very long row must not hold its memory for the rest of the file.
        if (_characters.Length > 2 * Characters)
            _characters = new char[Characters];
    }

    private static DataField<string> Text(string name, bool nullable) => new(name, nullable);

    private void Grow(int size)
    {
        var larger = new char[Math.Max(Math.Min(_characters.Length * 2, Characters), _used + size)];
        _characters = larger;
        _used = 0;
    }

    private void Add(TextColumn column, ReadOnlySpan<byte> text, bool present)
    {
        if (!present)
        {
            column.AddNone();
            return;
        }
        var length = Encoding.UTF8.GetChars(text, _characters.AsSpan(_used));
        column.Add(_characters.AsMemory(_used, length));
        _used += length;
    }

    /// <summary>Parquet wants the values that are there and, where a column may lack them, a level per row: 1 or 0.</summary>
    private sealed class TextColumn(DataField field)
    {
        private ReadOnlyMemory<char>[] _values = new ReadOnlyMemory<char>[256];
        private int[] _levels = new int[256];
        private int _count;
        private int _rows;

        public void Add(ReadOnlyMemory<char> value)
        {
            if (_count == _values.Length)
                Array.Resize(ref _values, _count * 2);
            _values[_count++] = value;
            AddLevel(1);
        }

        public void AddNone() => AddLevel(0);

        public Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation) =>
            group.WriteAllPartsAsync<ReadOnlyMemory<char>>(
                field,
                _values.AsMemory(0, _count),
                field.IsNullable ? (ReadOnlyMemory<int>?)_levels.AsMemory(0, _rows) : null,
                null,
                cancellation
            );

        public void Clear()
        {
            _values.AsSpan(0, _count).Clear();
            (_count, _rows) = (0, 0);
        }

        private void AddLevel(int level)
        {
            if (_rows == _levels.Length)
                Array.Resize(ref _levels, _rows * 2);
            _levels[_rows++] = level;
        }
    }
}
