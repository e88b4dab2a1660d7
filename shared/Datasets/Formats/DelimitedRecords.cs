using System.Text;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets.Formats;

/// <summary>
/// Records of fields between separators. Written here and not taken from a library because a message must name the
/// line and column of an open quote or a ragged row, and because fields must stay UTF-8.
/// </summary>
internal sealed class DelimitedRecords : TextRecords
{
    private readonly byte _separator;
    private readonly bool _quotes;
    private readonly List<FieldRange> _fields = [];
    private readonly string[] _columns;
    private byte[] _unescaped = [];
    private int _unescapedUsed;
    private bool _pending;

    private DelimitedRecords(Utf8Source source, byte separator, bool quotes, bool header)
        : base(source)
    {
        (_separator, _quotes) = (separator, quotes);
        if (!Scan())
            throw FileFault.In(source.Path, "the file is empty; expected rows");
        _columns = header
            ? [.. _fields.Select(field => Encoding.UTF8.GetString(Content(field)).Trim())]
            : [.. Enumerable.Range(1, _fields.Count).Select(number => number.ToString())];
        _pending = !header;
    }

    public override IReadOnlyList<string> Columns => _columns;

    public static DelimitedRecords Open(Utf8Source source, byte separator, bool quotes, bool header)
    {
        try
        {
            return new DelimitedRecords(source, separator, quotes, header);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public override bool Read()
    {
        if (_pending)
        {
            _pending = false;
            return true;
        }
        if (!Scan())
            return false;
        if (_fields.Count != _columns.Length)
            throw Ragged();
        return true;
    }

    public override bool TryGet(int column, out ReadOnlySpan<byte> value)
    {
        value = Content(_fields[column]);
        return true;
    }

    public override string Where(int column) => PlaceOf(_fields[column].Start);

    private bool Scan()
    {
        Leave();
        _unescapedUsed = 0;
        // A record cut off by the end of the buffer is scanned again from its beginning: each time there is at least
        // twice as much of it.
        while (!ScanRecord(complete: false))
            if (IsTooLong(Source.Unread.Length))
                throw TooLong(0);
            else if (!Source.Fill())
                return Source.Unread.Length > 0 && ScanRecord(complete: true);
        return Record.Length > 0 || !OnlyBlankLinesFollow();
    }

    /// <summary>Finds the fields of the next record; false where the buffer ends before it does.</summary>
    /// <param name="complete">The buffer ends where the file ends.</param>
    private bool ScanRecord(bool complete)
    {
        _fields.Clear();
        var text = Source.Unread;
        var at = 0;
        var quoted = false;
        while (true)
        {
            int end;
            if (_quotes && at < text.Length && text[at] == '"')
            {
                quoted = true;
                if (!ScanQuoted(text, at, complete, out var field))
                    return false;
                _fields.Add(field);
                end = field.End + 1;
                if (end < text.Length && text[end] == '\r' && (end + 1 == text.Length || text[end + 1] == '\n'))
                    end++;
                if (end < text.Length && text[end] != _separator && text[end] != '\n')
                    throw Fault(PlaceAhead(end), "text after a closing quote; expected a separator or the line's end");
            }
            else
            {
                var length = text[at..].IndexOfAny(_separator, (byte)'\n');
                end = length < 0 ? text.Length : at + length;
                var last = end == text.Length || text[end] == '\n';
                var trimmed = last && end > at && text[end - 1] == '\r' ? end - 1 : end;
                _fields.Add(new FieldRange(at, trimmed, Escaped: false));
            }

            if (end >= text.Length && !complete)
                return false;
            if (end < text.Length && text[end] == _separator)
            {
                at = end + 1;
                continue;
            }
            var lines = 1 + (quoted ? text[..end].Count((byte)'\n') : 0);
            Take(end, lineEnd: end < text.Length ? 1 : 0, lines);
            return true;
        }
    }

    private bool ScanQuoted(ReadOnlySpan<byte> text, int opening, bool complete, out FieldRange field)
    {
        var escaped = false;
        var at = opening + 1;
        while (true)
        {
            var length = text[at..].IndexOf((byte)'"');
            if (length < 0 || (at + length + 1 == text.Length && !complete))
            {
                if (complete || IsTooLong(text.Length - opening))
                    throw Fault(PlaceAhead(opening), "the quote opened here is never closed; expected a closing quote");
                field = default;
                return false;
            }
            at += length + 1;
            if (at == text.Length || text[at] != '"')
                break;
            escaped = true;
            at++;
        }
        field = new FieldRange(opening + 1, at - 1, escaped);
        return true;
    }

    private ReadOnlySpan<byte> Content(FieldRange field)
    {
        var content = Source.Unread[field.Start..field.End];
        return field.Escaped ? Unescape(content) : content;
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> content)
    {
        if (_unescaped.Length - _unescapedUsed < content.Length)
            (_unescaped, _unescapedUsed) = (new byte[Math.Max(2 * _unescaped.Length, 2 * content.Length)], 0);
        var begin = _unescapedUsed;
        while (content.IndexOf((byte)'"') is >= 0 and var quote)
        {
            content[..(quote + 1)].CopyTo(_unescaped.AsSpan(_unescapedUsed));
            _unescapedUsed += quote + 1;
            content = content[(quote + 2)..];
        }
        content.CopyTo(_unescaped.AsSpan(_unescapedUsed));
        _unescapedUsed += content.Length;
        return _unescaped.AsSpan(begin, _unescapedUsed - begin);
    }

    private BadInputException Ragged()
    {
        var expected = $"expected {_columns.Length}, as in the first row";
        var offset = _fields.Count > _columns.Length ? _fields[_columns.Length].Start : Record.Length;
        var hint = _quotes && _fields.Count > _columns.Length ? "; a field that holds separators must be quoted" : "";
        return Fault(PlaceOf(offset), $"the row has {_fields.Count} fields; {expected}{hint}");
    }

    /// <param name="End">Behind the last byte of the content: the closing quote, or what ends the field.</param>
    private readonly record struct FieldRange(int Start, int End, bool Escaped);
}
