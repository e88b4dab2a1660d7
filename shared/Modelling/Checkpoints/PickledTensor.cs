using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>Values of one type that lie together in a file; tensors may share them.</summary>
/// <param name="Size">Bytes of one value.</param>
internal sealed record PickledStorage(string Key, ScalarType Type, int Size, long Count);

/// <summary>A tensor as a pickle describes it (torch/_utils.py): a view of a storage.</summary>
/// <param name="First">Number of its first value in the storage.</param>
/// <param name="Strides">Values from one index to the next along each axis.</param>
internal sealed record PickledTensor(string Name, PickledStorage Storage, long First, long[] Shape, long[] Strides)
{
    private const string Tensor = "torch._utils._rebuild_tensor";
    private const string TensorV2 = "torch._utils._rebuild_tensor_v2";
    private const string Parameter = "torch._utils._rebuild_parameter";
    private const int MostAxes = 64;

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

    /// <summary>All that a pickle of tensors may name.</summary>
    public static IReadOnlySet<string> Globals { get; } =
        new HashSet<string>([.. Types.Keys, Tensor, TensorV2, Parameter, Pickle.OrderedDict]);

    /// <summary>Null where the value is no tensor; a parameter wraps its tensor once, and what is deeper is none.</summary>
    public static PickledTensor? From(string name, object? value) =>
        (value is PickledCall(Parameter, [var wrapped, ..]) ? wrapped : value)
            is PickledCall(
                Tensor
                    or TensorV2,
                [PickledReference place, long first, object?[] sizes, object?[] steps, ..]
            )
        && place.Id is ["storage", PickledGlobal(var type), string key, string, long count, .. var view]
        // The legacy form's views of storages are of before PyTorch 0.4.
        && view is [] or [null]
        && Types.TryGetValue(type, out var stored)
        && Numbers(sizes) is { } shape
        && Numbers(steps) is { } strides
            ? new(name, new(key, stored.Type, stored.Size, count), first, shape, strides)
            : null;

    /// <summary>Why it is no view of its storage; null where it is one.</summary>
    public string? Refusal()
    {
        if (Shape.Length != Strides.Length || Shape.Length > MostAxes)
            return $"{Shape.Length} sizes and {Strides.Length} strides; expected as many of both, at most {MostAxes}.";
        var text = $"shape [{string.Join(", ", Shape)}] with strides [{string.Join(", ", Strides)}]";
        if (Storage.Count < 0 || First < 0 || Shape.Any(n => n < 0) || Strides.Any(n => n < 0))
            return $"negative number in {text}, from value {First} of {Storage.Count}.";
        if (Shape.Contains(0))
            return null;

        // 128 bits hold any product of two longs; both figures stop growing beyond 64.
        var values = Shape.Aggregate((Int128)1, (product, n) => Int128.Min(product, long.MaxValue) * n);
        var steps = Shape.Zip(Strides, (n, stride) => (Int128)(n - 1) * stride);
        var span = steps.Aggregate((Int128)1, (sum, step) => Int128.Min(sum, long.MaxValue) + step);
        if (First + span > Storage.Count)
            return $"{text} from value {First} reaches beyond storage {Storage.Key} of {Storage.Count} values.";
        if (values > Storage.Count)
            return $"{text} repeats values of storage {Storage.Key}, which has {Storage.Count}.";
        if (span * Storage.Size > Array.MaxLength)
            return $"{span * Storage.Size} bytes; at most {Array.MaxLength} are supported in one tensor.";
        return null;
    }

    /// <summary>The tensor in its file, where its storage begins at <paramref name="offset"/>.</summary>
    public StoredTensor In(string file, long offset)
    {
        var bytes = Shape.Aggregate((long)Storage.Size, (product, n) => product * n);
        return bytes == 0
            ? new(file, Name, Storage.Type, Shape, offset, 0)
            : new(file, Name, Storage.Type, Shape, offset + First * Storage.Size, (int)bytes, Gaps());
    }

    /// <summary>Null where the strides are those of a row-major tensor.</summary>
    private long[]? Gaps()
    {
        long expected = 1;
        for (var axis = Shape.Length - 1; axis >= 0; expected *= Shape[axis--])
            if (Shape[axis] > 1 && Strides[axis] != expected)
                return Strides;
        return null;
    }

    private static long[]? Numbers(object?[] values) =>
        values.All(value => value is long) ? [.. values.Cast<long>()] : null;
}
