using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace TransferPipeline.Datasets.Formats;

/// <summary>Apache Parquet: flat columns of strings, numbers and truth values, one row group in memory at a time.</summary>
internal sealed class ParquetTable : IDatasetFormat
{
    public string Name => "parquet";
    public IReadOnlyList<string> Endings => [".parquet"];
    public bool MayLackHeader => false;

    public bool LooksLike(ReadOnlySpan<byte> start) => start.StartsWith("PAR1"u8);

    public IRecordReader Open(string path, ReadingOptions options)
    {
        var file = File.OpenRead(path);
        try
        {
            return new Records(path, file, ParquetReader.CreateAsync(file).GetAwaiter().GetResult());
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            file.Dispose();
            throw FileFault.In(path, $"not a whole Parquet file ({fault.Message}); expected PAR1 at both ends");
        }
    }

    private sealed class Records : IRecordReader
    {
        private readonly string _path;
        private readonly FileStream _file;
        private readonly ParquetReader _reader;
        private readonly DataField[] _fields;
        private readonly Column?[] _columns;
        private int[] _chosen = [];
        private int _group = -1;
        private long _rowInGroup;
        private long _rowsInGroup;
        private long _row;

        public Records(string path, FileStream file, ParquetReader reader)
        {
            (_path, _file, _reader) = (path, file, reader);
            // A nested field's path has several parts; lists repeat.
            _fields = [.. reader.Schema.DataFields.Where(field => field.Path.Length == 1 && !field.IsArray)];
            _columns = new Column?[_fields.Length];
            Columns = [.. _fields.Select(field => field.Name)];
        }

        public IReadOnlyList<string> Columns { get; }

        public double Done => Math.Max(0, _group) / (double)Math.Max(1, _reader.RowGroupCount);

        public void Choose(IReadOnlyList<int> columns) => _chosen = [.. columns];

        public bool Read()
        {
            while (++_rowInGroup >= _rowsInGroup)
                if (!NextGroup())
                    return false;
            foreach (var column in _chosen)
                _columns[column]!.Next((int)_rowInGroup);
            _row++;
            return true;
        }

        public bool TryGet(int column, out ReadOnlySpan<byte> value) => _columns[column]!.TryGet(out value);

        public string Where(int column) => $"row {_row}, column '{Columns[column]}'";

        public void Dispose()
        {
            foreach (var column in _columns)
                column?.Dispose();
            _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _file.Dispose();
        }

        private bool NextGroup()
        {
            if (++_group >= _reader.RowGroupCount)
                return false;
            using var group = _reader.OpenRowGroupReader(_group);
            (_rowsInGroup, _rowInGroup) = (group.RowCount, -1);
            foreach (var column in _chosen)
            {
                _columns[column]?.Dispose();
                _columns[column] = ReadColumn(group, _fields[column]);
            }
            return true;
        }

        private Column ReadColumn(ParquetRowGroupReader group, DataField field)
        {
            RawColumnData data;
            try
            {
                data = group.ReadRawColumnDataBaseAsync(field, default).AsTask().GetAwaiter().GetResult();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                throw FileFault.At(_path, $"row group {_group + 1}, column '{field.Name}'", fault.Message);
            }
            return data switch
            {
                RawColumnData<ReadOnlyMemory<char>> texts => new TextColumn(texts, field.IsNullable),
                RawColumnData<ReadOnlyMemory<byte>> bytes => new ByteColumn(bytes, field.IsNullable),
                RawColumnData<bool> truths => new TruthColumn(truths, field.IsNullable),
                RawColumnData<sbyte> numbers => new NumberColumn<sbyte>(numbers, field.IsNullable),
                RawColumnData<byte> numbers => new NumberColumn<byte>(numbers, field.IsNullable),
                RawColumnData<short> numbers => new NumberColumn<short>(numbers, field.IsNullable),
                RawColumnData<ushort> numbers => new NumberColumn<ushort>(numbers, field.IsNullable),
                RawColumnData<int> numbers => new NumberColumn<int>(numbers, field.IsNullable),
                RawColumnData<uint> numbers => new NumberColumn<uint>(numbers, field.IsNullable),
                RawColumnData<long> numbers => new NumberColumn<long>(numbers, field.IsNullable),
                RawColumnData<ulong> numbers => new NumberColumn<ulong>(numbers, field.IsNullable),
                RawColumnData<float> numbers => new NumberColumn<float>(numbers, field.IsNullable),
                RawColumnData<double> numbers => new NumberColumn<double>(numbers, field.IsNullable),
                _ => throw FileFault.In(
                    _path,
                    $"column '{field.Name}' holds {field.ClrType.Name}; expected strings, numbers or truth values"
                ),
            };
        }
    }

    private abstract class Column(RawColumnData data, bool nullable) : IDisposable
    {
        private int _next;

        protected byte[] Scratch { get; set; } = new byte[64];

        /// <summary>The position of the current row's value among the values that are there; -1 where it has none.</summary>
        protected int Current { get; private set; }

        public void Next(int row) => Current = !nullable || data.DefinitionLevels[row] == 1 ? _next++ : -1;

        public bool TryGet(out ReadOnlySpan<byte> value)
        {
            value = Current < 0 ? default : Value();
            return Current >= 0;
        }

        public void Dispose() => data.Dispose();

        protected abstract ReadOnlySpan<byte> Value();
    }

    private sealed class TextColumn(RawColumnData<ReadOnlyMemory<char>> data, bool nullable) : Column(data, nullable)
    {
        protected override ReadOnlySpan<byte> Value()
        {
            var text = data.Values[Current].Span;
            if (Scratch.Length < 3 * text.Length)
                Scratch = new byte[6 * text.Length];
            return Scratch.AsSpan(0, Encoding.UTF8.GetBytes(text, Scratch));
        }
    }

    private sealed class ByteColumn(RawColumnData<ReadOnlyMemory<byte>> data, bool nullable) : Column(data, nullable)
    {
        protected override ReadOnlySpan<byte> Value() => data.Values[Current].Span;
    }

    private sealed class TruthColumn(RawColumnData<bool> data, bool nullable) : Column(data, nullable)
    {
        protected override ReadOnlySpan<byte> Value() => data.Values[Current] ? "true"u8 : "false"u8;
    }

    private sealed class NumberColumn<T>(RawColumnData<T> data, bool nullable) : Column(data, nullable)
        where T : struct, IUtf8SpanFormattable
    {
        protected override ReadOnlySpan<byte> Value()
        {
            data.Values[Current].TryFormat(Scratch, out var length, default, CultureInfo.InvariantCulture);
            return Scratch.AsSpan(0, length);
        }
    }
}
