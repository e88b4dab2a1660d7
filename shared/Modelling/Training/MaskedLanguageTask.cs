using TorchSharp;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>Learns the tokens that were masked; every update masks anew.</summary>
/// <param name="masks">Those that the model was opened with.</param>
/// <param name="seed">Of which tokens are masked, and with what.</param>
public sealed class MaskedLanguageTask(
    MaskedLanguageModel model,
    DropoutMasks masks,
    MaskedTokens corruption,
    int padId,
    IReadOnlyList<TokenSequence> texts,
    long seed
) : ITrainingTask
{
    private const int ScoringBatch = 64;

    public nn.Module Model => model;
    public IReadOnlyList<int> Lengths { get; } = [.. texts.Select(text => text.Length)];

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        using var scope = NewDisposeScope();
        masks.Begin(update);
        var (logits, labels) = Predict(rows, new CounterRandom(seed, "masked tokens", update));
        return model.Loss(logits, labels).MoveToOuterDisposeScope();
    }

    /// <summary>No split is selected on.</summary>
    public double? Score(CancellationToken stop) => null;

    /// <summary>Mean loss and share of right guesses per masked token, of at most so many of the texts, newly masked.</summary>
    public (double Loss, double Accuracy) Measure(int most, CancellationToken stop)
    {
        using var none = no_grad();
        model.eval();
        double loss = 0;
        long right = 0,
            all = 0;
        foreach (var rows in Enumerable.Range(0, Math.Min(most, texts.Count)).Chunk(ScoringBatch))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (logits, labels) = Predict(rows, new CounterRandom(seed, "measured tokens", rows[0]));
            loss += model.Loss(logits, labels).item<float>() * (double)labels.shape[0];
            right += logits.argmax(-1).eq(labels).sum().item<long>();
            all += labels.shape[0];
        }
        return all == 0 ? (0, 0) : (loss / all, right / (double)all);
    }

    /// <summary>Logits (N, vocabulary) and true ids (N) of the tokens to predict.</summary>
    private (Tensor Logits, Tensor Labels) Predict(IReadOnlyList<int> rows, CounterRandom random)
    {
        var longest = rows.Max(row => texts[row].Length);
        var corrupted = new List<TokenSequence>(rows.Count);
        var positions = new List<long>();
        var labels = new List<long>();
        foreach (var row in rows)
        {
            var ids = texts[row].Ids.ToArray();
            var truth = corruption.Corrupt(ids, random);
            for (var i = 0; i < truth.Length; i++)
            {
                if (truth[i] == MaskedTokens.Ignored)
                    continue;
                positions.Add((long)corrupted.Count * longest + i);
                labels.Add(truth[i]);
            }
            corrupted.Add(texts[row] with { Ids = ids });
        }

        using var batch = TokenBatch.Of(corrupted, padId);
        using var where = tensor(positions.ToArray());
        return (model.At(batch, where), tensor(labels.ToArray()));
    }
}
