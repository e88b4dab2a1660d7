using System.Buffers.Binary;
using System.Security.Cryptography;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets;

/// <summary>
/// Hashes rows in an encoding that no file format has a part in. After the heading each row is its id, text, second
/// text, label, source and group (each a 32-bit little-endian byte count, -1 for none, and UTF-8), then the bits of its
/// weight (32-bit little-endian) and its origin (one byte).
/// </summary>
internal sealed class CanonicalRows : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _used;

    public CanonicalRows() => _hash.AppendData("transfer-rows/1\n"u8);

    public void Add(in Utf8Row row)
    {
        AddText(row.Id, present: true);
        AddText(row.Text, present: true);
        AddText(row.TextB, row.HasTextB);
        AddText(row.Label, row.HasLabel);
        AddText(row.Source, row.HasSource);
        AddText(row.Group, row.HasGroup);

        var rest = Room(sizeof(int) + 1);
        BinaryPrimitives.WriteInt32LittleEndian(rest, BitConverter.SingleToInt32Bits(row.Weight));
        rest[sizeof(int)] = (byte)row.Origin;
    }

    /// <summary>The id of all rows added so far, written as an artefact hash.</summary>
    public string Finish()
    {
        Flush();
        return ContentHash.OfDigest(_hash.GetCurrentHash());
    }

    public void Dispose() => _hash.Dispose();

    private void AddText(ReadOnlySpan<byte> text, bool present)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Room(sizeof(int)), present ? text.Length : -1);
        if (!present)
            return;
        if (text.Length <= _buffer.Length)
        {
            text.CopyTo(Room(text.Length));
            return;
        }
        Flush();
        _hash.AppendData(text);
    }

    private Span<byte> Room(int bytes)
    {
        if (_used + bytes > _buffer.Length)
            Flush();
        _used += bytes;
        return _buffer.AsSpan(_used - bytes, bytes);
    }

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _used);
        _used = 0;
    }
}
