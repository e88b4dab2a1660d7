using TorchSharp;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// DistilBERT's training (Sanh et al. 2019): a student reads the same masked texts as its teacher and learns its
/// probabilities at every token, the masked tokens, and the directions of its last hidden states.
/// </summary>
/// <param name="student">What it learns, and how it is measured.</param>
/// <param name="masks">Those that the student was opened with.</param>
public sealed class MaskedDistillationTask(
    MaskedLanguageModel teacher,
    MaskedLanguageModel student,
    DropoutMasks masks,
    MaskedTokens corruption,
    int padId,
    IReadOnlyList<TokenSequence> texts,
    IReadOnlyList<TokenSequence> heldOut,
    DistillationWeights weights,
    long seed
) : ILanguageTask
{
    private readonly MaskedLanguageTask _measured = new(student, masks, corruption, padId, texts, heldOut, seed);

    public nn.Module Model => student;
    public IReadOnlyList<int> Lengths => _measured.Lengths;

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
            student.Encoder.Device
        );
        return Loss(batch).MoveToOuterDisposeScope();
    }

    private Tensor Loss(MaskedBatch batch)
    {
        var real = Real(batch.Tokens);
        var (theirHidden, theirLogits) = Teach(batch.Tokens, real);
        var all = student.Encoder.call(batch.Tokens).flatten(0, 1); // (B · T, D)
        var hidden = all.index_select(0, real); // (N, D)
        var loss = DistillationLoss
            .SoftTargets(student.Decode(hidden), theirLogits, weights.Temperature)
            .mul(Scalars.Of(weights.Soft));
        if (weights.Hard > 0)
        {
            var logits = student.Decode(all.index_select(0, batch.Positions));
            loss = loss.add(student.Loss(logits, batch.Labels), Scalars.Of(weights.Hard));
        }
        if (weights.Directions > 0)
            loss = loss.add(DistillationLoss.Directions(hidden, theirHidden), Scalars.Of(weights.Directions));
        return loss;
    }

    private (Tensor Hidden, Tensor Logits) Teach(TokenBatch batch, Tensor real)
    {
        using var none = no_grad();
        teacher.eval();
        var hidden = teacher.Encoder.call(batch).flatten(0, 1).index_select(0, real);
        return (hidden, teacher.Decode(hidden));
    }

    /// <summary>Places of the tokens that are not padding in the flattened batch, (N), int64.</summary>
    private static Tensor Real(TokenBatch batch) =>
        batch.Present is null
            ? Scalars.Below(batch.Rows * batch.Length, batch.Ids.device)
            : batch.Present.flatten().nonzero().squeeze(1);

    /// <summary>No split is selected on.</summary>
    public double? Score(CancellationToken stop) => null;

    public LanguageScore Measure(CancellationToken stop) => _measured.Measure(stop);
}
