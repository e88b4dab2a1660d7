using System.Buffers.Binary;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>
/// Tensors in a file that <c>torch.save</c> wrote of a dictionary of tensors: a ZIP archive of a pickle and of storages,
/// or the form before PyTorch 1.6, pickles followed by storages (torch/serialization.py). Nothing in it is executed, and
/// nothing trusted.
/// </summary>
internal sealed class TorchFile
{
    private const int LegacyProtocol = 1001;
    private const int MostProblems = 20;

    /// <summary>Tied weights lie in one storage; as bytes of their own they must not become many times the file.</summary>
    private const int MostSharing = 4;

    private readonly string _path;
    private readonly FileStream _file;

    private TorchFile(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>A legacy file's first pickle: the number 0x1950a86a20f9469cfc6c.</summary>
    private static ReadOnlySpan<byte> Magic =>
        [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>What the file holds, by name.</summary>
    /// <exception cref="BadInputException">The file breaks the format or asks for anything but tensors.</exception>
    public static IReadOnlyList<StoredTensor> Open(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[Magic.Length];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        var reader = new TorchFile(path, file);
        if (start.StartsWith("PK\x3\x4"u8))
            return reader.ReadZip();
        if (start.SequenceEqual(Magic))
            return reader.ReadLegacy();
        throw reader.Bad("expected a file of torch.save: a ZIP archive, or pickles that begin with its magic number.");
    }

    private IReadOnlyList<StoredTensor> ReadZip()
    {
        var zip = new StoredZip(_path, _file);
        if (zip.Names.Where(name => name.Split('/') is [_, "data.pkl"]).ToList() is not [var pickle])
            throw Bad("expected one entry data.pkl in the archive's folder.");
        var folder = pickle[..^"data.pkl".Length];
        CheckByteOrder(zip, folder + "byteorder");

        _file.Position = zip.Find(pickle).Offset;
        var tensors = Tensors(Next());
        var offsets = new Dictionary<string, long>();
        foreach (var storage in Storages(tensors))
        {
            var (offset, length) = zip.Find($"{folder}data/{storage.Key}");
            if (length % storage.Size != 0 || length / storage.Size != storage.Count)
                throw Bad($"data/{storage.Key} has {length} bytes; expected {storage.Count} values of {storage.Size}.");
            offsets.Add(storage.Key, offset);
        }
        return Place(tensors, offsets);
    }

    /// <summary>Files of before PyTorch 2.1 have no such entry.</summary>
    private void CheckByteOrder(StoredZip zip, string entry)
    {
        if (!zip.Names.Contains(entry))
            return;
        var (offset, length) = zip.Find(entry);
        var order = new byte["little".Length];
        _file.Position = offset;
        if (length == order.Length)
            _file.ReadExactly(order);
        if (!order.AsSpan().SequenceEqual("little"u8))
            throw Bad($"{entry} is something else than 'little'; expected a file of a little-endian machine.");
    }

    private IReadOnlyList<StoredTensor> ReadLegacy()
    {
        if (Next() is not (long and LegacyProtocol))
            throw Bad($"expected {LegacyProtocol} as the version of its form.");
        if (Next() is not Dictionary<string, object?> machine || machine.GetValueOrDefault("little_endian") is not true)
            throw Bad("little_endian is something else than true; expected a file of a little-endian machine.");
        var tensors = Tensors(Next());
        if (Next() is not List<object?> keys)
            throw Bad("expected a list of the storages' keys.");
        return Place(tensors, Walk(keys, Storages(tensors).ToDictionary(storage => storage.Key)));
    }

    /// <summary>Storages follow in the order of the keys: how many values, then the values; only tensors tell the type.</summary>
    private Dictionary<string, long> Walk(List<object?> keys, Dictionary<string, PickledStorage> storages)
    {
        var offsets = new Dictionary<string, long>();
        var count = new byte[8];
        foreach (var each in keys)
        {
            if (each is not string key || !storages.TryGetValue(key, out var storage) || offsets.ContainsKey(key))
                throw Bad($"{each ?? "None"} in the list of storages is no tensor's storage, or there twice.");
            if (_file.ReadAtLeast(count, 8, throwOnEndOfStream: false) < 8)
                throw Bad($"storage {key} begins after the end of the file; is it truncated?");
            if (BinaryPrimitives.ReadInt64LittleEndian(count) is var held && held != storage.Count)
                throw Bad($"storage {key} has {held} values; expected {storage.Count}.");
            if (storage.Count > (_file.Length - _file.Position) / storage.Size)
                throw Bad($"storage {key}: {storage.Count} values reach beyond the end of the file; is it truncated?");
            offsets.Add(key, _file.Position);
            _file.Position += storage.Count * storage.Size;
        }
        return storages.Keys.FirstOrDefault(key => !offsets.ContainsKey(key)) is { } missing
            ? throw Bad($"storage {missing} is missing from the list of storages.")
            : offsets;
    }

    private object? Next() => new Pickle(_path, _file, PickledTensor.Globals).Read();

    private List<PickledTensor> Tensors(object? value)
    {
        if (value is not Dictionary<string, object?> named)
            throw Bad("expected a dictionary of tensors.");
        var problems = new List<string>();
        var tensors = new List<PickledTensor>();
        foreach (var (name, entry) in named.TakeWhile(_ => problems.Count < MostProblems))
            if (PickledTensor.From(name, entry) is not { } tensor)
                problems.Add($"{_path}: {name}: expected a tensor in a storage of a known type.");
            else if (tensor.Refusal() is { } why)
                problems.Add($"{_path}: {name}: {why}");
            else
                tensors.Add(tensor);
        return problems.Count == 0 ? tensors : throw new BadInputException(problems);
    }

    /// <summary>Each storage once.</summary>
    private List<PickledStorage> Storages(List<PickledTensor> tensors)
    {
        var storages = tensors.Select(tensor => tensor.Storage).Distinct().ToList();
        return storages.CountBy(storage => storage.Key).FirstOrDefault(entry => entry.Value > 1).Key is { } twice
            ? throw Bad($"storage {twice} has several types or sizes.")
            : storages;
    }

    private List<StoredTensor> Place(List<PickledTensor> tensors, Dictionary<string, long> offsets)
    {
        var placed = tensors.Select(tensor => tensor.In(_path, offsets[tensor.Storage.Key])).ToList();
        var bytes = placed.Sum(tensor => (long)tensor.Bytes);
        if (bytes > MostSharing * _file.Length)
            throw Bad(
                $"its tensors share storages and take {bytes} bytes; at most {MostSharing} times the file's are allowed."
            );
        return placed;
    }

    private BadInputException Bad(string why) => new($"{_path}: {why}");
}
