using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>The ids of a text or a pair, special tokens included.</summary>
/// <param name="Second">Where the second text's tokens begin; the length where there is none.</param>
/// <param name="HasTypes">Whether its model tells the two texts apart by a type for each token.</param>
public sealed record TokenSequence(int[] Ids, int Second, bool HasTypes = true)
{
    public int Length => Ids.Length;
}

/// <summary>Sequences padded to the longest, as tensors; belongs to the dispose scope it was made in.</summary>
public sealed class TokenBatch : IDisposable
{
    /// <summary>Token ids, (B, T), int64.</summary>
    public Tensor Ids { get; }

    /// <summary>True where a token is not padding, (B, T); null where nothing is.</summary>
    public Tensor? Present { get; }

    /// <summary>0 in the first text, 1 in the second, (B, T), int64; null where all are 0 or the model has none.</summary>
    public Tensor? Types { get; }

    /// <summary>What is added to the embeddings of the tokens, (B, T, D); null for nothing.</summary>
    public Tensor? Shift { get; private init; }

    public long Rows => Ids.size(0);
    public long Length => Ids.size(1);

    /// <summary>A batch of tensors that are there already.</summary>
    public TokenBatch(Tensor ids, Tensor? present, Tensor? types) => (Ids, Present, Types) = (ids, present, types);

    /// <summary>Pads to the longest of the sequences.</summary>
    public static TokenBatch Of(IReadOnlyList<TokenSequence> sequences, int padId, Device? device = null)
    {
        var length = sequences.Max(sequence => sequence.Length);
        var ids = new long[sequences.Count * length];
        Array.Fill(ids, padId);
        bool[]? present = sequences.Any(sequence => sequence.Length < length) ? new bool[ids.Length] : null;
        var typed = sequences.Any(sequence => sequence.HasTypes && sequence.Second < sequence.Length);
        long[]? types = typed ? new long[ids.Length] : null;
        for (var row = 0; row < sequences.Count; row++)
        {
            var sequence = sequences[row];
            for (var i = 0; i < sequence.Length; i++)
                ids[row * length + i] = sequence.Ids[i];
            present?.AsSpan(row * length, sequence.Length).Fill(true);
            types?.AsSpan(row * length, sequence.Length)[sequence.Second..].Fill(1);
        }
        long[] shape = [sequences.Count, length];
        return new(
            tensor(ids, shape, device: device),
            present is null ? null : tensor(present, shape, device: device),
            types is null ? null : tensor(types, shape, device: device)
        );
    }

    /// <summary>The same tokens, their embeddings moved; owns neither.</summary>
    public TokenBatch ShiftedBy(Tensor shift) => new(Ids, Present, Types) { Shift = shift };

    /// <summary>The embeddings of the tokens as the model is to see them.</summary>
    internal Tensor Moved(Tensor embedded) => Shift is null ? embedded : embedded.add(Shift, Scalars.One);

    public void Dispose()
    {
        Ids.Dispose();
        Present?.Dispose();
        Types?.Dispose();
    }
}
