using System.Text;
using System.Text.Unicode;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets.Formats;

/// <summary>A text file as checked UTF-8, whatever its encoding; unread bytes stay together in one span.</summary>
internal sealed class Utf8Source : IDisposable
{
    private const int Chunk = 256 * 1024;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly Decoder? _decoder;
    private readonly byte[] _raw = [];
    private readonly char[] _characters = [];
    private byte[] _buffer = new byte[2 * Chunk];
    private int _start;
    private int _checked;
    private int _end;
    private long _fileOffset;
    private bool _exhausted;

    private Utf8Source(string path, FileStream file, Encoding? encoding, int mark)
    {
        (_path, _file, _fileOffset) = (path, file, mark);
        file.Position = mark;
        if (encoding is null)
            return;
        _decoder = encoding.GetDecoder();
        _raw = new byte[Chunk];
        _characters = new char[encoding.GetMaxCharCount(Chunk)];
    }

    public string Path => _path;

    public double Done => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    /// <summary>What was filled in and not yet advanced over.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _checked - _start);

    public static Utf8Source Open(string path, TextEncoding encoding)
    {
        // The source has buffers of its own.
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Span<byte> start = stackalloc byte[4];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        var (marked, mark) = ByteOrderMark(start);
        return mark > 0 || encoding is TextEncoding.Utf8
            ? new Utf8Source(path, file, marked, mark)
            : new Utf8Source(path, file, Encoding.Latin1, mark);
    }

    /// <summary>Reads on, at least as much as is still unread; false at the end of the file.</summary>
    public bool Fill()
    {
        MakeRoom();
        while (!_exhausted)
        {
            var before = _checked;
            if (_decoder is null)
                ReadUtf8();
            else
                ReadDecoded(_decoder);
            if (_checked > before)
                return true;
        }
        return false;
    }

    public void Advance(int bytes) => _start += bytes;

    public void Dispose() => _file.Dispose();

    /// <summary>The encoding that a byte-order mark says (null for UTF-8) and the mark's length.</summary>
    private static (Encoding? Encoding, int Length) ByteOrderMark(ReadOnlySpan<byte> start) =>
        start switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (null, 3),
            [0xFF, 0xFE, 0, 0] => (new UTF32Encoding(bigEndian: false, true, throwOnInvalidCharacters: true), 4),
            [0, 0, 0xFE, 0xFF] => (new UTF32Encoding(bigEndian: true, true, throwOnInvalidCharacters: true), 4),
            [0xFF, 0xFE, ..] => (new UnicodeEncoding(bigEndian: false, true, throwOnInvalidBytes: true), 2),
            [0xFE, 0xFF, ..] => (new UnicodeEncoding(bigEndian: true, true, throwOnInvalidBytes: true), 2),
            _ => (null, 0),
        };

    private void MakeRoom()
    {
        var unread = _end - _start;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, unread).CopyTo(_buffer);
            _checked -= _start;
            (_start, _end) = (0, unread);
        }
        // Decoded Latin-1 is at most twice, UTF-16 at most one and a half times as long as its bytes.
        if (_buffer.Length - _end < 2 * Chunk)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
    }

    private void ReadUtf8()
    {
        var read = _file.Read(_buffer, _end, Math.Max(Chunk, Math.Min(_end, _buffer.Length - _end)));
        _end += read;
        _exhausted = read == 0;
        var fresh = _buffer.AsSpan(_checked, _end - _checked);
        var whole = _exhausted ? fresh.Length : WholeCharacters(fresh);
        if (!Utf8.IsValid(fresh[..whole]))
            throw NotUtf8(fresh[..whole]);
        _checked += whole;
        _fileOffset += whole;
    }

    private void ReadDecoded(Decoder decoder)
    {
        var read = _file.Read(_raw);
        _exhausted = read == 0;
        try
        {
            var characters = decoder.GetChars(_raw.AsSpan(0, read), _characters, flush: _exhausted);
            _end += Encoding.UTF8.GetBytes(_characters.AsSpan(0, characters), _buffer.AsSpan(_end));
        }
        catch (DecoderFallbackException)
        {
            throw FileFault.In(
                _path,
                $"between byte {_fileOffset} and {_fileOffset + read} there are bytes that the encoding of its byte-order mark does not allow"
            );
        }
        _checked = _end;
        _fileOffset += read;
    }

    /// <summary>How many bytes are left when a character cut off by the end is left for later.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var value = bytes[^back];
            if (value < 0x80)
                break;
            if (value < 0xC0)
                continue;
            var length =
                value >= 0xF0 ? 4
                : value >= 0xE0 ? 3
                : 2;
            return length > back ? bytes.Length - back : bytes.Length;
        }
        return bytes.Length;
    }

    private BadInputException NotUtf8(ReadOnlySpan<byte> bytes)
    {
        var valid = 0;
        while (Rune.DecodeFromUtf8(bytes[valid..], out _, out var length) == System.Buffers.OperationStatus.Done)
            valid += length;
        var offset = _fileOffset + valid;
        return FileFault.At(
            _path,
            PlaceOf(offset),
            $"byte 0x{bytes[valid]:X2} at offset {offset} is not UTF-8; if the file is Latin-1, give --encoding latin1"
        );
    }

    private string PlaceOf(long offset)
    {
        using var file = new BufferedStream(File.OpenRead(_path));
        var (line, column) = (1L, 1L);
        for (var at = 0L; at < offset; at++)
        {
            var value = file.ReadByte();
            if (value == '\n')
                (line, column) = (line + 1, 1);
            else if ((value & 0xC0) != 0x80)
                column++;
        }
        return FileFault.Place(line, column);
    }
}
