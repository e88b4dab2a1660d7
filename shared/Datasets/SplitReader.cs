using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace TransferPipeline.Datasets;

/// <summary>Reads splits that <see cref="SplitWriter"/> wrote, one row group in memory at a time.</summary>
public static class SplitReader
{
    /// <summary>The rows in order.</summary>
    /// <param name="first">Rows before this one, counted from 0, are left out; whole row groups of them are not decoded.</param>
    public static IEnumerable<Example> Read(string path, long first = 0)
    {
        using var file = OpenedSplit.Open(path);
        foreach (var group in file.RowGroups())
        {
            if (first >= group.Rows)
            {
                first -= group.Rows;
                continue;
            }
            var ids = group.Texts(RowGroup.Id);
            var texts = group.Texts(RowGroup.First);
            var seconds = group.Texts(RowGroup.Second);
            var labels = group.Texts(RowGroup.Label, repeating: true);
            var weights = group.Numbers<float>(RowGroup.Weight);
            var origins = group.Numbers<int>(RowGroup.Origin);
            var sources = group.Texts(RowGroup.Source);
            var groups = group.Texts(RowGroup.Group, repeating: true);
            var start = (int)first;
            first = 0;
            for (var row = start; row < ids.Length; row++)
                yield return new Example(
                    ids[row]!,
                    texts[row]!,
                    seconds[row],
                    labels[row],
                    weights[row],
                    (ExampleOrigin)origins[row],
                    sources[row],
                    groups[row]
                );
        }
    }

    /// <summary>Only the labels, in the order of the rows; null where a row has none.</summary>
    public static IEnumerable<string?> ReadLabels(string path)
    {
        using var file = OpenedSplit.Open(path);
        foreach (var group in file.RowGroups())
        foreach (var label in group.Texts(RowGroup.Label, repeating: true))
            yield return label;
    }

    private sealed class OpenedSplit(FileStream stream, ParquetReader reader) : IDisposable
    {
        private readonly Dictionary<string, string> _known = [];

        public static OpenedSplit Open(string path)
        {
            var stream = File.OpenRead(path);
            try
            {
                return new OpenedSplit(stream, ParquetReader.CreateAsync(stream).GetAwaiter().GetResult());
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        }

        public IEnumerable<OpenedGroup> RowGroups()
        {
            for (var index = 0; index < reader.RowGroupCount; index++)
            {
                using var group = reader.OpenRowGroupReader(index);
                yield return new OpenedGroup(group, _known);
            }
        }

        public void Dispose()
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
            stream.Dispose();
        }
    }

    private sealed class OpenedGroup(ParquetRowGroupReader group, Dictionary<string, string> known)
    {
        public long Rows => group.RowCount;

        /// <param name="repeating">Few different values: equal ones share one string.</param>
        public string?[] Texts(DataField field, bool repeating = false)
        {
            using var raw =
                (RawColumnData<ReadOnlyMemory<char>>)
                    group.ReadRawColumnDataBaseAsync(field, default).AsTask().GetAwaiter().GetResult();
            var texts = new string?[group.RowCount];
            var values = raw.Values;
            var next = 0;
            for (var row = 0; row < texts.Length; row++)
                if (!field.IsNullable || raw.DefinitionLevels[row] == 1)
                    texts[row] = repeating ? Shared(values[next++].Span) : values[next++].ToString();
            return texts;
        }

        public T[] Numbers<T>(DataField field)
            where T : struct
        {
            var numbers = new T[group.RowCount];
            group.ReadAsync<T>(field, numbers.AsMemory(), null, default).AsTask().GetAwaiter().GetResult();
            return numbers;
        }

        private string Shared(ReadOnlySpan<char> text)
        {
            var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
            if (lookup.TryGetValue(text, out var found))
                return found;
            var shared = text.ToString();
            if (known.Count < 10_000)
                known.Add(shared, shared);
            return shared;
        }
    }
}
