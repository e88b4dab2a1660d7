using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>Sequences with some tokens hidden, and what stood there; belongs to the dispose scope it was made in.</summary>
/// <param name="Positions">Of the tokens to predict in the flattened batch: row · T + column, (N), int64.</param>
/// <param name="Labels">Their true ids, (N), int64.</param>
internal sealed record MaskedBatch(TokenBatch Tokens, Tensor Positions, Tensor Labels)
{
    public static MaskedBatch Of(
        IReadOnlyList<TokenSequence> sequences,
        MaskedTokens corruption,
        int padId,
        CounterRandom random,
        Device device
    )
    {
        var longest = sequences.Max(sequence => sequence.Length);
        var corrupted = new List<TokenSequence>(sequences.Count);
        var positions = new List<long>();
        var labels = new List<long>();
        foreach (var sequence in sequences)
        {
            var ids = sequence.Ids.ToArray();
            var truth = corruption.Corrupt(ids, random);
            for (var i = 0; i < truth.Length; i++)
            {
                if (truth[i] == MaskedTokens.Ignored)
                    continue;
                positions.Add((long)corrupted.Count * longest + i);
                labels.Add(truth[i]);
            }
            corrupted.Add(sequence with { Ids = ids });
        }
        return new(
            TokenBatch.Of(corrupted, padId, device),
            tensor(positions.ToArray(), device: device),
            tensor(labels.ToArray(), device: device)
        );
    }
}
