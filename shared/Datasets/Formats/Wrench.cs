using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets.Formats;

/// <summary>
/// WRENCH (Zhang et al. 2021): one JSON object whose values hold <c>data.text</c>, a <c>label</c> and <c>weak_labels</c>. The
/// votes are columns of their own, <c>weak_labels.0</c> and so on, which an import of texts leaves out.
/// </summary>
internal sealed partial class Wrench : IDatasetFormat
{
    private const int Fixed = 2; // text and label stand before the votes

    public string Name => "wrench";
    public IReadOnlyList<string> Endings => [".json"];
    public bool MayLackHeader => false;
    public TaskType? Task => TaskType.Classification;

    public ColumnRoles? Roles { get; } =
        new(Header: true, Text: 0, TextB: -1, Label: 1, Id: -1, Split: -1, Group: -1, Guesses: []);

    public bool LooksLike(ReadOnlySpan<byte> start) =>
        start.IndexOf("\"weak_labels\""u8) >= 0
        && Start().IsMatch(Encoding.UTF8.GetString(start[..Math.Min(512, start.Length)]));

    public IRecordReader Open(string path, ReadingOptions options)
    {
        using var source = Utf8Source.Open(path, options.Encoding);
        while (source.Fill()) { }
        try
        {
            using var json = JsonDocument.Parse(source.Unread.ToArray());
            return new Records([.. json.RootElement.EnumerateObject().Select(row => RowOf(path, row))], path);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            var place = fault as JsonException;
            throw FileFault.At(
                path,
                FileFault.Place((place?.LineNumber ?? 0) + 1, (place?.BytePositionInLine ?? 0) + 1),
                """not a whole JSON object; expected WRENCH's: {"0": {"data": {"text": …}, "label": …, "weak_labels": […]}}"""
            );
        }
    }

    private static Row RowOf(string path, JsonProperty row)
    {
        var place = $"row '{row.Name}'";
        if (
            row.Value.ValueKind is not JsonValueKind.Object
            || !row.Value.TryGetProperty("data", out var data)
            || data.ValueKind is not JsonValueKind.Object
            || !data.TryGetProperty("text", out var text)
            || text.ValueKind is not JsonValueKind.String
        )
            throw FileFault.At(path, place, "expected data.text");
        var label = row.Value.TryGetProperty("label", out var given) ? Word(path, place, given) : null;
        var votes =
            row.Value.TryGetProperty("weak_labels", out var cast) && cast.ValueKind is JsonValueKind.Array
                ? cast.EnumerateArray().Select(vote => Word(path, place, vote) ?? "-1")
                : throw FileFault.At(path, place, "expected weak_labels, a list of votes");
        return new Row(place, [text.GetString()!, label, .. votes]);
    }

    private static string? Word(string path, string place, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => throw FileFault.At(path, place, "a label or vote is a list or an object; expected a number or a word"),
        };

    [GeneratedRegex("^\ufeff?\\s*\\{\\s*\"[^\"]*\"\\s*:\\s*\\{\\s*\"(data|label|weak_labels)\"\\s*:")]
    private static partial Regex Start();

    private sealed record Row(string Place, IReadOnlyList<string?> Values);

    private sealed class Records : IRecordReader
    {
        private readonly IReadOnlyList<Row> _rows;
        private byte[]?[] _values = [];
        private int _next;

        public Records(IReadOnlyList<Row> rows, string path)
        {
            var votes = (rows.FirstOrDefault()?.Values.Count ?? Fixed) - Fixed;
            if (rows.FirstOrDefault(row => row.Values.Count != votes + Fixed) is { } other)
                throw FileFault.At(
                    path,
                    other.Place,
                    $"has {other.Values.Count - Fixed} weak_labels, the first row {votes}; expected equally many"
                );
            _rows = rows;
            Columns = ["text", "label", .. Enumerable.Range(0, votes).Select(vote => $"weak_labels.{vote}")];
        }

        public IReadOnlyList<string> Columns { get; }

        public double Done => _rows.Count == 0 ? 1 : (double)_next / _rows.Count;

        public void Choose(IReadOnlyList<int> columns) { }

        public bool Read()
        {
            if (_next == _rows.Count)
                return false;
            _values = [.. _rows[_next++].Values.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value))];
            return true;
        }

        public bool TryGet(int column, out ReadOnlySpan<byte> value)
        {
            value = _values[column];
            return _values[column] is not null;
        }

        public string Where(int column) => _rows[_next - 1].Place;

        public void Dispose() { }
    }
}
