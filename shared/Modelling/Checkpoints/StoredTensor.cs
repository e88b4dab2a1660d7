using TransferPipeline.Contracts;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>A tensor that lies in a file: what its header promises, checked, and where its bytes are.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Offset">First byte, from the start of the file; little endian.</param>
/// <param name="Bytes">Bytes of its values, without what strides pass over.</param>
/// <param name="Strides">Values from one index to the next along each axis; null: row-major without gaps.</param>
public sealed record StoredTensor(
    string File,
    string Name,
    ScalarType Type,
    long[] Shape,
    long Offset,
    int Bytes,
    long[]? Strides = null
)
{
    /// <summary>The tensor as it is stored, but row-major; belongs to the current dispose scope.</summary>
    public Tensor Read()
    {
        var tensor = empty(Shape, Type);
        if (Bytes > 0)
            Read(tensor.bytes);
        return tensor;
    }

    /// <summary>The bytes of its values, row-major; needs no libtorch.</summary>
    internal void Read(Span<byte> target)
    {
        if (Strides is null)
        {
            ReadFile(target[..Bytes]);
            return;
        }
        var size = Bytes / (int)Shape.Aggregate((product, n) => product * n);
        var span = new byte[size * (1 + Shape.Zip(Strides, (n, stride) => (n - 1) * stride).Sum())];
        ReadFile(span);
        Gather(span, size, Strides, target);
    }

    private void ReadFile(Span<byte> target)
    {
        using var file = System.IO.File.OpenHandle(File);
        for (var done = 0; done < target.Length; )
        {
            var count = RandomAccess.Read(file, target[done..], Offset + done);
            if (count == 0)
                throw new BadInputException($"{File}: {Name} ends after {done} of {target.Length} bytes.");
            done += count;
        }
    }

    private void Gather(ReadOnlySpan<byte> span, int size, long[] strides, Span<byte> target)
    {
        var index = new long[Shape.Length];
        long at = 0;
        for (var done = 0; done < Bytes; done += size)
        {
            span.Slice((int)at * size, size).CopyTo(target[done..]);
            for (var axis = Shape.Length - 1; axis >= 0; axis--)
            {
                at += strides[axis];
                if (++index[axis] < Shape[axis])
                    break;
                at -= strides[axis] * Shape[axis];
                index[axis] = 0;
            }
        }
    }
}
