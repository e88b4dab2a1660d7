using TorchSharp;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>Learns masked tokens and whether one text follows another; every update draws pairs and masks anew.</summary>
/// <param name="masks">Those that the model was opened with.</param>
/// <param name="heldOut">Documents to measure on.</param>
/// <param name="seed">Of pairs and masked tokens.</param>
public sealed class MaskedAndNextTask(
    MaskedAndNextModel model,
    DropoutMasks masks,
    MaskedTokens corruption,
    int padId,
    FollowingTexts texts,
    FollowingTexts heldOut,
    long seed
) : ILanguageTask
{
    private const int ScoringBatch = 64;

    public nn.Module Model => model;
    public IReadOnlyList<int> Lengths => texts.Lengths;

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        using var scope = NewDisposeScope();
        masks.Begin(update);
        var (batch, next) = Batch(texts, rows, new CounterRandom(seed, "pairs and masked tokens", update));
        return model.Loss(model.At(batch.Tokens, batch.Positions), batch.Labels, next).MoveToOuterDisposeScope();
    }

    /// <summary>No split is selected on.</summary>
    public double? Score(CancellationToken stop) => null;

    public LanguageScore Measure(CancellationToken stop)
    {
        using var none = no_grad();
        model.eval();
        var tally = new LanguageTally();
        var measured = heldOut.Count > 1 ? heldOut : texts;
        foreach (var rows in Enumerable.Range(0, measured.Count).Chunk(ScoringBatch))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (batch, next) = Batch(measured, rows, new CounterRandom(seed, "measured pairs", rows[0]));
            var (tokens, follow) = model.At(batch.Tokens, batch.Positions);
            tally.Add(TokenLoss.Of(tokens, batch.Labels), tokens, batch.Labels);
            tally.AddPairs(follow, next);
        }
        return tally.Score();
    }

    private (MaskedBatch Batch, Tensor Next) Batch(FollowingTexts from, IReadOnlyList<int> rows, CounterRandom random)
    {
        var pairs = rows.Select(row => from.Draw(row, random)).ToList();
        var next = pairs.Select(pair => pair.Follows ? MaskedAndNextModel.Follows : 1 - MaskedAndNextModel.Follows);
        return (
            MaskedBatch.Of([.. pairs.Select(pair => pair.Pair)], corruption, padId, random, model.Encoder.Device),
            tensor(next.ToArray(), device: model.Encoder.Device)
        );
    }
}
