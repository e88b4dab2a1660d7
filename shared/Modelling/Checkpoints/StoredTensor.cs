using TransferPipeline.Contracts;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>A tensor that lies in a file: what its header promises, checked, and where its bytes are.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Offset">First byte, from the start of the file; row-major, little endian.</param>
public sealed record StoredTensor(string File, string Name, ScalarType Type, long[] Shape, long Offset, int Bytes)
{
    /// <summary>The tensor as it is stored; belongs to the current dispose scope.</summary>
    public Tensor Read()
    {
        var tensor = empty(Shape, Type);
        if (Bytes > 0)
            Read(tensor.bytes);
        return tensor;
    }

    /// <summary>The bytes as they are stored; needs no libtorch.</summary>
    internal void Read(Span<byte> target)
    {
        using var file = System.IO.File.OpenHandle(File);
        for (var done = 0; done < Bytes; )
        {
            var count = RandomAccess.Read(file, target[done..], Offset + done);
            if (count == 0)
                throw new BadInputException($"{File}: {Name} ends after {done} of {Bytes} bytes.");
            done += count;
        }
    }
}
