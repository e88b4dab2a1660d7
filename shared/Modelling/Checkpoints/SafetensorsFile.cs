using System.Buffers.Binary;
using System.Text.Json;
using TransferPipeline.Contracts;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>
/// Tensors in a safetensors file: eight bytes with the length of a JSON header, the header, the bytes of the tensors
/// without holes or overlaps (https://github.com/huggingface/safetensors). Nothing in it is trusted.
/// </summary>
public static class SafetensorsFile
{
    private const int LongestHeader = 100_000_000;

    private static readonly (string Name, ScalarType Type, int Size)[] Types =
    [
        ("F64", ScalarType.Float64, 8),
        ("I64", ScalarType.Int64, 8),
        ("F32", ScalarType.Float32, 4),
        ("I32", ScalarType.Int32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>What the file holds, in the order of its bytes.</summary>
    /// <exception cref="BadInputException">The file breaks the format; each problem names file and tensor.</exception>
    public static IReadOnlyList<StoredTensor> Open(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> prefix = stackalloc byte[8];
        if (file.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
            throw new BadInputException($"{path}: shorter than the 8 bytes that give a header's length.");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader)
            throw new BadInputException($"{path}: a header of {length} bytes; at most {LongestHeader} are allowed.");
        if (length > (ulong)(file.Length - 8))
            throw new BadInputException($"{path}: a header of {length} bytes in a file of {file.Length}.");

        var header = new byte[length];
        file.ReadExactly(header);
        return Parse(path, header, 8 + (long)length, file.Length);
    }

    private static List<StoredTensor> Parse(string path, byte[] header, long start, long end)
    {
        var problems = new List<string>();
        var tensors = new List<StoredTensor>();
        try
        {
            using var json = JsonDocument.Parse(header, new() { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new BadInputException($"{path}: the header is no JSON object.");
            foreach (var entry in json.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
                if (Read(path, entry, start, problems) is { } tensor)
                    tensors.Add(tensor);
        }
        catch (JsonException exception)
        {
            throw new BadInputException($"{path}: the header is no valid JSON: {exception.Message}");
        }

        tensors.Sort((a, b) => (a.Offset, a.Bytes).CompareTo((b.Offset, b.Bytes)));
        if (problems.Count == 0)
            CheckLayout(path, tensors, start, end, problems);
        return problems.Count == 0 ? tensors : throw new BadInputException(problems);
    }

    private static StoredTensor? Read(string path, JsonProperty entry, long start, List<string> problems)
    {
        StoredTensor? Refuse(string why)
        {
            problems.Add($"{path}: {entry.Name}: {why}");
            return null;
        }

        if (
            entry.Value.ValueKind != JsonValueKind.Object
            || !entry.Value.TryGetProperty("dtype", out var dtype)
            || dtype.ValueKind != JsonValueKind.String
            || !entry.Value.TryGetProperty("shape", out var shape)
            || Numbers(shape) is not { } sizes
            || !entry.Value.TryGetProperty("data_offsets", out var offsets)
            || Numbers(offsets) is not [var from, var to]
        )
            return Refuse("expected dtype, shape and data_offsets as whole numbers.");

        var (name, type, size) = Types.FirstOrDefault(known => known.Name == dtype.GetString());
        if (name is null)
            return Refuse($"dtype {dtype} is unknown; expected one of {string.Join(", ", Types.Select(t => t.Name))}.");
        if (sizes.Any(n => n < 0) || from < 0 || to < from)
            return Refuse($"negative size in shape [{string.Join(", ", sizes)}] or data_offsets [{from}, {to}].");

        // 128 bits hold any product that is then compared with a length of 63.
        var bytes = sizes.Aggregate((Int128)size, (product, n) => Int128.Min(product, long.MaxValue) * n);
        if (bytes != to - from)
            return Refuse($"{to - from} bytes, but shape [{string.Join(", ", sizes)}] of {name} takes {bytes}.");
        if (bytes > int.MaxValue)
            return Refuse($"{bytes} bytes; at most {int.MaxValue} are supported in one tensor.");
        return new(path, entry.Name, type, sizes, start + from, (int)bytes);
    }

    private static long[]? Numbers(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array)
            return null;
        var numbers = new long[array.GetArrayLength()];
        for (var i = 0; i < numbers.Length; i++)
            if (array[i].ValueKind != JsonValueKind.Number || !array[i].TryGetInt64(out numbers[i]))
                return null;
        return numbers;
    }

    private static void CheckLayout(
        string path,
        List<StoredTensor> tensors,
        long start,
        long end,
        List<string> problems
    )
    {
        var next = start;
        foreach (var tensor in tensors)
        {
            if (tensor.Offset < next)
                problems.Add($"{path}: {tensor.Name}: its bytes overlap those of the tensor before it.");
            else if (tensor.Offset > next)
                problems.Add($"{path}: {tensor.Name}: {tensor.Offset - next} bytes before it belong to no tensor.");
            next = tensor.Offset + tensor.Bytes;
        }
        var beyond = tensors.Where(tensor => tensor.Offset + tensor.Bytes > end).ToList();
        if (beyond.Count > 0)
            problems.Add(
                $"{path}: {beyond[0].Name}: the file ends {beyond[0].Offset + beyond[0].Bytes - end} bytes before it does"
                    + (beyond.Count > 1 ? $", and before {beyond.Count - 1} more" : "")
                    + "; is it truncated?"
            );
        if (next < end)
            problems.Add($"{path}: {end - next} bytes after the last tensor belong to none.");
    }

    /// <summary>Writes tensors; equal names and values give equal bytes.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors) =>
        Write(path, tensors.Select(entry => (entry.Name, entry.Value.dtype, entry.Value.shape, WriterOf(entry.Value))));

    /// <summary>Writes arrays, each by an action that writes its bytes; needs no libtorch.</summary>
    internal static void Write(
        string path,
        IEnumerable<(string Name, ScalarType Type, long[] Shape, Action<Stream> Write)> arrays
    )
    {
        // As the reference implementation: larger types first, so that all are aligned; then by name.
        var ordered = arrays
            .Select(array =>
                (array.Name, array.Shape, array.Write, Stored: Types.Single(known => known.Type == array.Type))
            )
            .OrderByDescending(array => array.Stored.Size)
            .ThenBy(array => array.Name, StringComparer.Ordinal)
            .ToList();

        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            long offset = 0;
            foreach (var (name, shape, _, stored) in ordered)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", stored.Name);
                json.WriteStartArray("shape");
                foreach (var size in shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += shape.Aggregate((long)stored.Size, (product, n) => product * n));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % 8 != 0)
            header.WriteByte((byte)' ');

        using var file = File.Create(path);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        file.Write(prefix);
        header.WriteTo(file);
        foreach (var (_, _, write, _) in ordered)
            write(file);
    }

    private static Action<Stream> WriterOf(Tensor value) =>
        file =>
        {
            if (value.numel() == 0)
                return;
            using var scope = NewDisposeScope();
            file.Write(value.detach().cpu().contiguous().bytes);
        };
}
