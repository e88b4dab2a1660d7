using System.Buffers.Binary;
using System.Text;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>
/// Where the entries of a ZIP archive lie in its file, for archives that store them as they are (APPNOTE 6.3.10, sections
/// 4.3 to 4.5); <see cref="System.IO.Compression.ZipArchive"/> hides that. Nothing in it is trusted.
/// </summary>
internal sealed class StoredZip
{
    private const int LargestDirectory = 16 << 20;
    private const int EndSize = 22;
    private const int End64Size = 56;
    private const int LocatorSize = 20;
    private const int EntrySize = 46;
    private const int LocalSize = 30;

    /// <summary>Stands where the value is in the 64-bit extra field.</summary>
    private const uint Elsewhere = uint.MaxValue;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly Dictionary<string, (long Header, long Length)> _entries = new(StringComparer.Ordinal);

    /// <exception cref="BadInputException">The archive is none, or compresses or encrypts an entry.</exception>
    public StoredZip(string path, FileStream file)
    {
        (_path, _file) = (path, file);
        var (start, length) = FindDirectory();
        if (start < 0 || length < 0 || start > file.Length - length)
            throw Bad("its directory lies outside the file; is it truncated?");
        if (length > LargestDirectory)
            throw Bad($"a directory of {length} bytes; at most {LargestDirectory} are allowed.");
        ReadDirectory(Bytes(start, (int)length));
    }

    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>First byte and length of an entry, both within the file.</summary>
    public (long Offset, long Length) Find(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw Bad($"{name} is missing from the archive.");
        if (entry.Header < 0 || entry.Header > _file.Length - LocalSize)
            throw Bad($"{name} begins after the end of the file; is it truncated?");
        var local = Bytes(entry.Header, LocalSize).AsSpan();
        if (!local.StartsWith("PK\x3\x4"u8))
            throw Bad($"{name}: no entry begins at byte {entry.Header}.");
        var offset = entry.Header + LocalSize + Short(local[26..]) + Short(local[28..]);
        if (entry.Length < 0 || offset > _file.Length - entry.Length)
            throw Bad($"{name}: {entry.Length} bytes reach beyond the end of the file; is it truncated?");
        return (offset, entry.Length);
    }

    private (long Start, long Length) FindDirectory()
    {
        // A comment of up to 65535 bytes may follow the end record.
        var tailStart = Math.Max(0, _file.Length - EndSize - ushort.MaxValue);
        var tail = Bytes(tailStart, (int)(_file.Length - tailStart)).AsSpan();
        var at = tail.LastIndexOf("PK\x5\x6"u8);
        if (at < 0 || at > tail.Length - EndSize)
            throw Bad("a ZIP archive without an end record; is it truncated?");
        var (start, length) = (Int(tail[(at + 16)..]), Int(tail[(at + 12)..]));
        if (start != Elsewhere && length != Elsewhere)
            return (start, length);

        if (at < LocatorSize || !tail[(at - LocatorSize)..].StartsWith("PK\x6\x7"u8))
            throw Bad("a 64-bit ZIP archive without a locator of its end record.");
        var end = Long(tail[(at - LocatorSize + 8)..]);
        if (end < 0 || end > _file.Length - End64Size)
            throw Bad("its 64-bit end record lies outside the file.");
        var record = Bytes(end, End64Size).AsSpan();
        return record.StartsWith("PK\x6\x6"u8)
            ? (Long(record[48..]), Long(record[40..]))
            : throw Bad($"no 64-bit end record begins at byte {end}.");
    }

    private void ReadDirectory(ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 0)
        {
            if (rest.Length < EntrySize || !rest.StartsWith("PK\x1\x2"u8))
                throw Bad("an entry of its directory is cut off or none.");
            var (flags, method) = (Short(rest[8..]), Short(rest[10..]));
            var (packed, length, header) = ((long)Int(rest[20..]), (long)Int(rest[24..]), (long)Int(rest[42..]));
            var (nameSize, extraSize, commentSize) = (Short(rest[28..]), Short(rest[30..]), Short(rest[32..]));
            if (rest.Length < EntrySize + nameSize + extraSize + commentSize)
                throw Bad("an entry of its directory is cut off.");

            var name = Encoding.UTF8.GetString(rest.Slice(EntrySize, nameSize));
            Widen(rest.Slice(EntrySize + nameSize, extraSize), name, ref length, ref packed, ref header);
            if (method != 0 || (flags & 1) != 0 || packed != length)
                throw Bad($"{name} is compressed or encrypted; expected entries stored as they are.");
            if (!_entries.TryAdd(name, (header, length)))
                throw Bad($"{name} is in the archive twice.");
            rest = rest[(EntrySize + nameSize + extraSize + commentSize)..];
        }
    }

    /// <summary>Takes what 32 bits cannot hold from the extra field with id 1, which lists it in this order.</summary>
    private void Widen(ReadOnlySpan<byte> extra, string name, ref long length, ref long packed, ref long header)
    {
        if (length != Elsewhere && packed != Elsewhere && header != Elsewhere)
            return;
        while (extra.Length >= 4 && Short(extra) != 1)
            extra = extra[Math.Min(extra.Length, 4 + Short(extra[2..]))..];
        if (extra.Length < 4)
            throw Bad($"{name} has no 64-bit sizes.");
        extra = extra[4..Math.Min(extra.Length, 4 + Short(extra[2..]))];
        Take(ref length, ref extra);
        Take(ref packed, ref extra);
        Take(ref header, ref extra);

        void Take(ref long value, ref ReadOnlySpan<byte> from)
        {
            if (value != Elsewhere)
                return;
            if (from.Length < 8)
                throw Bad($"{name} has no 64-bit sizes.");
            value = Long(from);
            from = from[8..];
        }
    }

    private byte[] Bytes(long offset, int count)
    {
        var bytes = new byte[count];
        _file.Position = offset;
        _file.ReadExactly(bytes);
        return bytes;
    }

    private BadInputException Bad(string why) => new($"{_path}: {why}");

    private static ushort Short(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint Int(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long Long(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);
}
