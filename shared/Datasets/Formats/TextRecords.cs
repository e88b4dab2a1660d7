using System.Text;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets.Formats;

/// <summary>What the readers of text formats share: the record in the source's buffer, its line, and places in it.</summary>
internal abstract class TextRecords(Utf8Source source) : IRecordReader
{
    /// <summary>No record is longer; beyond it a quote was left open or the file has no lines.</summary>
    private const int LongestRecord = 16 * 1024 * 1024;

    private int _length;
    private int _taken;
    private long _nextLine = 1;

    public abstract IReadOnlyList<string> Columns { get; }

    public double Done => Source.Done;

    protected Utf8Source Source { get; } = source;

    /// <summary>The line on which the current record begins.</summary>
    protected long Line { get; private set; }

    /// <summary>The current record, without its line end.</summary>
    protected ReadOnlySpan<byte> Record => Source.Unread[.._length];

    public virtual void Choose(IReadOnlyList<int> columns) { }

    public abstract bool Read();

    public abstract bool TryGet(int column, out ReadOnlySpan<byte> value);

    public abstract string Where(int column);

    public void Dispose() => Source.Dispose();

    /// <summary>Goes over blank lines at the end of the file; one before a record stays, and is its reader's to refuse.</summary>
    protected bool NextLine()
    {
        Leave();
        var scanned = 0;
        while (true)
        {
            var end = Source.Unread[scanned..].IndexOf((byte)'\n');
            if (end >= 0)
            {
                Take(scanned + end, lineEnd: 1, lines: 1);
                return _length > 0 || !OnlyBlankLinesFollow();
            }
            scanned = Source.Unread.Length;
            if (scanned > LongestRecord)
                throw TooLong(0);
            if (!Source.Fill())
                break;
        }
        Take(scanned, lineEnd: 0, lines: 1);
        return _length > 0;
    }

    /// <summary>The record becomes the current one; its carriage return, if any, no part of it.</summary>
    protected void Take(int length, int lineEnd, int lines)
    {
        (Line, _nextLine) = (_nextLine, _nextLine + lines);
        _taken = length + lineEnd;
        _length = length > 0 && Source.Unread[length - 1] == '\r' ? length - 1 : length;
    }

    /// <summary>Moves on behind the current record.</summary>
    protected void Leave()
    {
        Source.Advance(_taken);
        (_taken, _length) = (0, 0);
    }

    protected bool OnlyBlankLinesFollow()
    {
        for (var at = _taken; ; at++)
        {
            if (at == Source.Unread.Length && !Source.Fill())
                return true;
            if (Source.Unread[at] is not ((byte)'\n' or (byte)'\r'))
                return false;
        }
    }

    /// <summary>The place of a byte of the unread text, which begins on the given line.</summary>
    protected string PlaceOf(int offset, long firstLine)
    {
        var before = Source.Unread[..offset];
        var lastBreak = before.LastIndexOf((byte)'\n');
        return FileFault.Place(
            firstLine + before.Count((byte)'\n'),
            Encoding.UTF8.GetCharCount(before[(lastBreak + 1)..]) + 1
        );
    }

    protected string PlaceOf(int offset) => PlaceOf(offset, Line);

    protected string PlaceAhead(int offset) => PlaceOf(offset, _nextLine);

    protected BadInputException Fault(string place, string what) => FileFault.At(Source.Path, place, what);

    protected BadInputException TooLong(int from) =>
        Fault(
            PlaceAhead(from),
            $"a record of more than {LongestRecord / 1024 / 1024} MiB begins here; expected lines of text"
        );

    protected static bool IsTooLong(int length) => length > LongestRecord;
}
