using TorchSharp;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// An encoder learns that texts of one label point one way: the squared distance of the cosine of two texts' mean vectors
/// from 1, or from 0 where their labels differ (sentence-transformers' <c>CosineSimilarityLoss</c>).
/// </summary>
/// <param name="masks">Those that the encoder was opened with.</param>
/// <param name="tokens">Of each text.</param>
public sealed class PairTask(
    SentenceEncoder encoder,
    DropoutMasks masks,
    int padId,
    IReadOnlyList<TokenSequence> tokens,
    IReadOnlyList<TextPair> pairs
) : ITrainingTask
{
    public nn.Module Model => encoder;

    public IReadOnlyList<int> Lengths { get; } =
    [.. pairs.Select(pair => Math.Max(tokens[pair.First].Length, tokens[pair.Second].Length))];

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        using var scope = NewDisposeScope();
        masks.Begin(update);
        var first = Encode(rows, pair => pair.First);
        var second = Encode(rows, pair => pair.Second);
        var targets = tensor(rows.Select(row => pairs[row].Same ? 1f : 0f).ToArray(), device: first.device);
        return Loss(first, second, targets).MoveToOuterDisposeScope();
    }

    /// <param name="first">(B, D).</param>
    /// <param name="second">(B, D).</param>
    /// <param name="targets">1 or 0, (B).</param>
    internal static Tensor Loss(Tensor first, Tensor second, Tensor targets) =>
        functional.mse_loss(functional.cosine_similarity(first, second, 1), targets);

    /// <summary>No split is selected on.</summary>
    public double? Score(CancellationToken stop) => null;

    private Tensor Encode(IReadOnlyList<int> rows, Func<TextPair, int> side) =>
        encoder.call(TokenBatch.Of([.. rows.Select(row => tokens[side(pairs[row])])], padId, encoder.Encoder.Device));
}
