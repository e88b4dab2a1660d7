using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Compute;

/// <summary>Numbers as libtorch takes them, each made once for the life of the process.</summary>
/// <remarks>
/// Of every number in a call TorchSharp makes one on the native heap and leaves it to the finaliser. Some twenty an update, freed
/// minutes later, break that heap into pieces that no tensor fits into (docs/decisions/0027); and nothing holds it until the native
/// call has read it.
/// </remarks>
internal static class Scalars
{
    private static readonly ConcurrentDictionary<double, Scalar> Reals = new();
    private static readonly ConcurrentDictionary<long, Scalar> Integers = new();

    /// <summary>What <c>add</c> multiplies its second argument by where nothing else is said.</summary>
    public static readonly Scalar One = Of(1);

    public static Scalar Of(long number) => Integers.GetOrAdd(number, value => value.ToScalar());

    public static Scalar Of(double number) => Reals.GetOrAdd(number, value => value.ToScalar());

    public static Tensor OneMinus(Tensor tensor) => tensor.neg().add(One, One);

    /// <summary>0 to <paramref name="count"/> − 1.</summary>
    public static Tensor Below(long count, Device device, ScalarType type = ScalarType.Int64) =>
        arange(Of(0), Of(count), One, type, device);
}
