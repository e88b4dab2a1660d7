using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Compute;

/// <summary>Widths of a tensor, asked for one by one.</summary>
/// <remarks>
/// <c>shape</c> hands libtorch a function to call back, whose native half stays until a collection of memory, as in
/// <see cref="Scalars"/>.
/// </remarks>
internal static class TensorShape
{
    /// <param name="last">In the place of the last width.</param>
    public static long[] Of(Tensor tensor, long? last = null)
    {
        var shape = new long[tensor.dim()];
        for (var dimension = 0; dimension < shape.Length; dimension++)
            shape[dimension] = tensor.size(dimension);
        if (last is { } width)
            shape[^1] = width;
        return shape;
    }
}
