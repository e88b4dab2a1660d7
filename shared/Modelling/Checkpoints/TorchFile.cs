using System.Buffers.Binary;
using TransferPipeline.Contracts;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>
/// Tensors in a file that <c>torch.save</c> wrote of a dictionary of tensors: a ZIP archive of a pickle and of storages,
/// or the form before PyTorch 1.6, pickles followed by storages (torch/serialization.py). Nothing in it is executed, and
/// nothing trusted.
/// </summary>
internal sealed class TorchFile
{
    private const string Tensor = "torch._utils._rebuild_tensor";
    private const string TensorV2 = "torch._utils._rebuild_tensor_v2";
    private const string Parameter = "torch._utils._rebuild_parameter";
    private const int LegacyProtocol = 1001;
    private const int MostAxes = 64;
    private const int MostProblems = 20;

    /// <summary>Tied weights lie in one storage; as bytes of their own they must not become many times the file.</summary>
    private const int MostSharing = 4;

    private static readonly Dictionary<string, (ScalarType Type, int Size)> Types = new()
    {
        ["torch.DoubleStorage"] = (ScalarType.Float64, 8),
        ["torch.FloatStorage"] = (ScalarType.Float32, 4),
        ["torch.HalfStorage"] = (ScalarType.Float16, 2),
        ["torch.BFloat16Storage"] = (ScalarType.BFloat16, 2),
        ["torch.LongStorage"] = (ScalarType.Int64, 8),
        ["torch.IntStorage"] = (ScalarType.Int32, 4),
        ["torch.ShortStorage"] = (ScalarType.Int16, 2),
        ["torch.CharStorage"] = (ScalarType.Int8, 1),
        ["torch.ByteStorage"] = (ScalarType.Byte, 1),
        ["torch.BoolStorage"] = (ScalarType.Bool, 1),
    };

    private static readonly HashSet<string> Globals = [.. Types.Keys, Tensor, TensorV2, Parameter, Pickle.OrderedDict];

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
        if (
            length != order.Length
            || _file.ReadAtLeast(order, order.Length, false) < length
            || !order.SequenceEqual("little"u8.ToArray())
        )
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
    private Dictionary<string, long> Walk(List<object?> keys, Dictionary<string, Storage> storages)
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

    private object? Next() => new Pickle(_path, _file, Globals).Read();

    private List<Rebuilt> Tensors(object? value)
    {
        if (value is not Dictionary<string, object?> named)
            throw Bad("expected a dictionary of tensors.");
        var problems = new List<string>();
        var tensors = new List<Rebuilt>();
        foreach (var (name, entry) in named.TakeWhile(_ => problems.Count < MostProblems))
            // A parameter wraps its tensor once, and only once: what is deeper is refused.
            if (Rebuild(name, entry is PickledCall(Parameter, [var data, ..]) ? data : entry) is not { } tensor)
                problems.Add(
                    $"{_path}: {name}: expected a tensor, with a storage of one of {string.Join(", ", Types.Keys)}."
                );
            else if (Refusal(tensor) is { } why)
                problems.Add($"{_path}: {name}: {why}");
            else
                tensors.Add(tensor);
        return problems.Count == 0 ? tensors : throw new BadInputException(problems);
    }

    private static Rebuilt? Rebuild(string name, object? value) =>
        value
            is PickledCall(
                Tensor
                    or TensorV2,
                [PickledReference reference, long first, object?[] sizes, object?[] steps, ..]
            )
        && reference.Id is ["storage", PickledGlobal(var type), string key, string, long count, .. var view]
        && view is [] or [null]
        && Types.TryGetValue(type, out var stored)
        && Numbers(sizes) is { } shape
        && Numbers(steps) is { } strides
            ? new(name, new(key, stored.Type, stored.Size, count), first, shape, strides)
            : null;

    private static long[]? Numbers(object?[] values) =>
        values.All(value => value is long) ? [.. values.Cast<long>()] : null;

    private static string? Refusal(Rebuilt tensor)
    {
        var (shape, strides, count) = (tensor.Shape, tensor.Strides, tensor.Storage.Count);
        if (shape.Length != strides.Length || shape.Length > MostAxes)
            return $"{shape.Length} sizes and {strides.Length} strides; expected as many of both, at most {MostAxes}.";
        var text = $"shape [{string.Join(", ", shape)}] with strides [{string.Join(", ", strides)}]";
        if (count < 0 || tensor.First < 0 || shape.Any(n => n < 0) || strides.Any(n => n < 0))
            return $"negative number in {text}, from value {tensor.First} of {count}.";
        if (shape.Contains(0))
            return null;

        // 128 bits hold any product of two longs; both figures stop growing beyond 64.
        var values = shape.Aggregate((Int128)1, (product, n) => Int128.Min(product, long.MaxValue) * n);
        var span = shape
            .Zip(strides)
            .Aggregate(
                (Int128)1,
                (sum, axis) => Int128.Min(sum, long.MaxValue) + (Int128)(axis.First - 1) * axis.Second
            );
        if (tensor.First + span > count)
            return $"{text} from value {tensor.First} reaches beyond storage {tensor.Storage.Key} of {count} values.";
        if (values > count)
            return $"{text} repeats values of storage {tensor.Storage.Key}, which has {count}.";
        if (span * tensor.Storage.Size > Array.MaxLength)
            return $"{span * tensor.Storage.Size} bytes; at most {Array.MaxLength} are supported in one tensor.";
        return null;
    }

    /// <summary>Each storage once.</summary>
    private List<Storage> Storages(List<Rebuilt> tensors)
    {
        var storages = tensors.Select(tensor => tensor.Storage).Distinct().ToList();
        return storages.CountBy(storage => storage.Key).FirstOrDefault(entry => entry.Value > 1).Key is { } twice
            ? throw Bad($"storage {twice} has several types or sizes.")
            : storages;
    }

    private List<StoredTensor> Place(List<Rebuilt> tensors, Dictionary<string, long> offsets)
    {
        var placed = tensors
            .Select(tensor =>
            {
                var (name, storage, first, shape, strides) = tensor;
                var bytes = shape.Aggregate((long)storage.Size, (product, n) => product * n);
                var offset = bytes == 0 ? 0 : offsets[storage.Key] + first * storage.Size;
                return new StoredTensor(_path, name, storage.Type, shape, offset, (int)bytes, Gaps(shape, strides));
            })
            .ToList();
        var all = placed.Sum(tensor => (long)tensor.Bytes);
        return all <= MostSharing * _file.Length
            ? placed
            : throw Bad(
                $"its tensors share storages and take {all} bytes; at most {MostSharing} times the file's are allowed."
            );
    }

    /// <summary>Null where the strides are those of a row-major tensor.</summary>
    private static long[]? Gaps(long[] shape, long[] strides)
    {
        long expected = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] == 0)
                return null;
            if (shape[axis] > 1 && strides[axis] != expected)
                return shape.Contains(0) ? null : strides;
            expected *= shape[axis];
        }
        return null;
    }

    private BadInputException Bad(string why) => new($"{_path}: {why}");

    private sealed record Storage(string Key, ScalarType Type, int Size, long Count);

    private sealed record Rebuilt(string Name, Storage Storage, long First, long[] Shape, long[] Strides);
}
