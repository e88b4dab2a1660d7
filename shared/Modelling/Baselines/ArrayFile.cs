using System.Runtime.InteropServices;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>An array with its name and shape.</summary>
internal sealed record NamedArray(string Name, ScalarType Type, long[] Shape, byte[] Bytes)
{
    /// <param name="shape">Left out: one dimension.</param>
    public static NamedArray Of<T>(string name, T[] values, params long[] shape)
        where T : unmanaged =>
        new(
            name,
            ArrayFile.TypeOf<T>(),
            shape.Length == 0 ? [values.Length] : shape,
            MemoryMarshal.AsBytes(values.AsSpan()).ToArray()
        );
}

/// <summary>A safetensors file of plain arrays.</summary>
internal sealed class ArrayFile
{
    private readonly string _path;
    private readonly IReadOnlyList<StoredTensor> _stored;

    private ArrayFile(string path, IReadOnlyList<StoredTensor> stored) => (_path, _stored) = (path, stored);

    public static void Write(string path, IReadOnlyList<NamedArray> arrays) =>
        SafetensorsFile.Write(
            path,
            arrays.Select(array => (array.Name, array.Type, array.Shape, (Action<Stream>)(to => to.Write(array.Bytes))))
        );

    /// <exception cref="BadInputException">The file breaks the format.</exception>
    public static ArrayFile Open(string path) => new(path, SafetensorsFile.Open(path));

    /// <summary>The array of that name and shape.</summary>
    /// <exception cref="BadInputException">There is none, or its type or shape is another one.</exception>
    public T[] Get<T>(string name, params long[] shape)
        where T : unmanaged
    {
        var stored = Find<T>(name);
        return stored.Shape.SequenceEqual(shape)
            ? Read<T>(stored)
            : throw Bad(name, $"shape ({string.Join(", ", shape)})");
    }

    /// <summary>The array of that name and one dimension.</summary>
    /// <exception cref="BadInputException">There is none, or its type or shape is another one.</exception>
    public T[] GetList<T>(string name)
        where T : unmanaged
    {
        var stored = Find<T>(name);
        return stored.Shape.Length == 1 ? Read<T>(stored) : throw Bad(name, "one dimension");
    }

    public BadInputException Bad(string name, string expected) => new($"{_path}: {name}: expected {expected}.");

    internal static ScalarType TypeOf<T>() =>
        default(T) switch
        {
            double => ScalarType.Float64,
            float => ScalarType.Float32,
            int => ScalarType.Int32,
            _ => throw new NotSupportedException($"Arrays of {typeof(T).Name} are not stored."),
        };

    private StoredTensor Find<T>(string name) =>
        _stored.FirstOrDefault(stored => stored.Name == name && stored.Type == TypeOf<T>())
        ?? throw Bad(name, $"an array of {TypeOf<T>()}");

    private static T[] Read<T>(StoredTensor stored)
        where T : unmanaged
    {
        var values = new T[stored.Shape.Aggregate(1L, (product, size) => product * size)];
        stored.Read(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
