using TorchSharp;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>Learns the tokens that were masked; every update masks anew, as RoBERTa does (Liu et al. 2019).</summary>
/// <param name="masks">Those that the model was opened with.</param>
/// <param name="heldOut">Texts to measure on.</param>
/// <param name="seed">Of which tokens are masked, and with what.</param>
public sealed class MaskedLanguageTask(
    MaskedLanguageModel model,
    DropoutMasks masks,
    MaskedTokens corruption,
    int padId,
    IReadOnlyList<TokenSequence> texts,
    IReadOnlyList<TokenSequence> heldOut,
    long seed
) : ILanguageTask
{
    private const int ScoringBatch = 64;

    public nn.Module Model => model;
    public IReadOnlyList<int> Lengths { get; } = [.. texts.Select(text => text.Length)];

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        using var scope = NewDisposeScope();
        masks.Begin(update);
        var random = new CounterRandom(seed, "masked tokens", update);
        var batch = MaskedBatch.Of(
            [.. rows.Select(row => texts[row])],
            corruption,
            padId,
            random,
            model.Encoder.Device
        );
        return model.Loss(model.At(batch.Tokens, batch.Positions), batch.Labels).MoveToOuterDisposeScope();
    }

    /// <summary>No split is selected on.</summary>
    public double? Score(CancellationToken stop) => null;

    public LanguageScore Measure(CancellationToken stop)
    {
        using var none = no_grad();
        model.eval();
        var tally = new LanguageTally();
        foreach (var (number, some) in (heldOut.Count > 0 ? heldOut : texts).Chunk(ScoringBatch).Index())
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var random = new CounterRandom(seed, "measured tokens", number * ScoringBatch);
            var batch = MaskedBatch.Of(some, corruption, padId, random, model.Encoder.Device);
            var logits = model.At(batch.Tokens, batch.Positions);
            tally.Add(model.Loss(logits, batch.Labels), logits, batch.Labels);
        }
        return tally.Score();
    }
}
