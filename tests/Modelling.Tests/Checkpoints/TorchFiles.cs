using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace TransferPipeline.Modelling.Tests.Checkpoints;

/// <summary>Writes what <c>torch.save</c> would, and what it never would.</summary>
internal static class TorchFiles
{
    public static readonly byte[] None = "N"u8.ToArray();
    public static readonly byte[] OrderedDict = [.. Global("collections", "OrderedDict"), .. ")R"u8];

    public static byte[] Text(string text) => [(byte)'X', .. Int32(Encoding.UTF8.GetByteCount(text)), .. Utf8(text)];

    public static byte[] Number(long number) => [0x8a, 8, .. Int64(number)];

    public static byte[] Global(string module, string name) => Utf8($"c{module}\n{name}\n");

    public static byte[] Tuple(params byte[][] items) => [.. "("u8, .. items.SelectMany(item => item), .. "t"u8];

    public static byte[] Numbers(params long[] numbers) => Tuple([.. numbers.Select(Number)]);

    public static byte[] Call(string module, string name, params byte[][] arguments) =>
        [.. Global(module, name), .. Tuple(arguments), .. "R"u8];

    public static byte[] Storage(string type, string key, long count) =>
        [.. Tuple(Text("storage"), Global("torch", type), Text(key), Text("cpu"), Number(count), None), .. "Q"u8];

    public static byte[] Tensor(byte[] storage, long first, long[] shape, long[] strides) =>
        Call(
            "torch._utils",
            "_rebuild_tensor_v2",
            storage,
            Number(first),
            Numbers(shape),
            Numbers(strides),
            [0x89],
            OrderedDict
        );

    public static byte[] Entries(params (string Name, byte[] Value)[] entries) =>
        [.. "("u8, .. entries.SelectMany(entry => Text(entry.Name).Concat(entry.Value)), .. "u"u8];

    public static byte[] Dictionary(params (string Name, byte[] Value)[] entries) => [.. "}"u8, .. Entries(entries)];

    public static byte[] Pickle(byte[] value) => [0x80, 2, .. value, .. "."u8];

    public static byte[] Zip(
        byte[] pickle,
        IEnumerable<(string Key, byte[] Bytes)> storages,
        CompressionLevel level = CompressionLevel.NoCompression
    )
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("data.pkl", pickle);
            Add("byteorder", Utf8("little"));
            foreach (var (key, bytes) in storages)
                Add($"data/{key}", bytes);

            void Add(string name, byte[] bytes)
            {
                using var entry = zip.CreateEntry($"model/{name}", level).Open();
                entry.Write(bytes);
            }
        }
        return file.ToArray();
    }

    /// <summary>The same archive with its offsets and sizes in the places for 64 bits.</summary>
    public static byte[] Zip64(byte[] zip)
    {
        var start = BinaryPrimitives.ReadInt32LittleEndian(zip.AsSpan(zip.Length - 6));
        var file = new List<byte>(zip[..start]);
        for (var at = start; at < zip.Length - 22; )
        {
            var entry = zip[at..(at + 46)];
            var name = zip[(at + 46)..(at + 46 + entry[28])];
            at += 46 + name.Length + entry[30];
            byte[] sizes = [.. entry[24..28], 0, 0, 0, 0, .. entry[20..24], 0, 0, 0, 0];
            byte[] extra = [9, 9, 1, 0, 7, 1, 0, 24, 0, .. sizes, .. entry[42..46], 0, 0, 0, 0];
            entry.AsSpan(20, 8).Fill(255);
            entry.AsSpan(42, 4).Fill(255);
            entry[30] = (byte)extra.Length;
            file.AddRange([.. entry, .. name, .. extra]);
        }
        var end = file.Count;
        byte[] record = [.. "PK\x6\x6"u8, 44, .. new byte[35], .. Int64(end - start), .. Int64(start)];
        byte[] locator = [.. "PK\x6\x7"u8, 0, 0, 0, 0, .. Int64(end), 1, 0, 0, 0];
        return [.. file, .. record, .. locator, .. zip[^22..^10], .. Enumerable.Repeat((byte)255, 8), 0, 0];
    }

    public static byte[] Legacy(byte[] pickle, IEnumerable<(string Key, int Size, byte[] Bytes)> storages)
    {
        byte[] magic = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
        var keys = storages.SelectMany(storage => Text(storage.Key));
        return
        [
            .. Pickle(magic),
            .. Pickle(Number(1001)),
            .. Pickle(Dictionary(("little_endian", [0x88]))),
            .. pickle,
            .. Pickle([.. "]("u8, .. keys, .. "e"u8]),
            .. storages.SelectMany(storage => Int64(storage.Bytes.Length / storage.Size).Concat(storage.Bytes)),
        ];
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Int32(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }

    private static byte[] Int64(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }
}
