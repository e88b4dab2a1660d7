using TorchSharp;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Training;

/// <summary>Learns one label, or one number, for each text or pair.</summary>
/// <param name="masks">Those that the model was opened with.</param>
/// <param name="selection">The examples that choose the weights; null for none.</param>
/// <param name="variant">What is added to cross-entropy while training; null: nothing.</param>
/// <param name="selectBy"><c>accuracy</c>, <c>f1</c>, <c>macroF1</c>, <c>matthews</c> or <c>loss</c>; regression knows only the last.</param>
public sealed class SequenceTask(
    SequenceClassification model,
    DropoutMasks masks,
    int padId,
    TrainingExamples train,
    TrainingExamples? selection = null,
    string selectBy = "accuracy",
    ClassificationLoss? variant = null
) : ITrainingTask
{
    private const int ScoringBatch = 64;

    public nn.Module Model => model;
    public IReadOnlyList<int> Lengths { get; } = [.. train.Tokens.Select(tokens => tokens.Length)];

    public Tensor Loss(IReadOnlyList<int> rows, long update) => Loss(rows, update, null);

    /// <param name="shift">What is added to the embeddings of the tokens, (B, T, D); null for nothing.</param>
    public Tensor Loss(IReadOnlyList<int> rows, long update, Tensor? shift)
    {
        using var scope = NewDisposeScope();
        masks.Begin(update);
        var batch = Batch(rows, shift);
        return variant is null
            ? TrainingLoss(model.call(batch), rows).MoveToOuterDisposeScope()
            : variant.OfPasses(() => model.call(batch), logits => TrainingLoss(logits, rows)).MoveToOuterDisposeScope();
    }

    /// <summary>The loss over pairs of examples that are mixed: each label counts by its example's share.</summary>
    /// <param name="partners">The second of each pair.</param>
    /// <param name="shares">Of the first, (B).</param>
    public Tensor MixedLoss(IReadOnlyList<int> rows, IReadOnlyList<int> partners, Tensor shares, long update)
    {
        using var scope = NewDisposeScope();
        masks.Begin(update);
        int[] both = [.. rows, .. partners];
        var batch = Batch(train, both);
        var targets = Column(train.Targets, both).to(int64);
        var weights = cat([shares, Scalars.OneMinus(shares)]);
        if (train.Weights is not null)
            weights = weights.mul(Column(train.Weights, both));
        var loss = variant ?? new ClassificationLoss();
        return loss.OfPasses(
                () => model.Mixed(batch, shares),
                logits => loss.Of(cat([logits, logits]), targets, weights)
            )
            .MoveToOuterDisposeScope();
    }

    /// <summary>What the model says while it trains, with the dropout masks that the update's loss begins with: (B, labels).</summary>
    public Tensor Logits(IReadOnlyList<int> rows, long update, Tensor? shift = null)
    {
        using var scope = NewDisposeScope();
        masks.Begin(update);
        return model.call(Batch(rows, shift)).MoveToOuterDisposeScope();
    }

    private TokenBatch Batch(IReadOnlyList<int> rows, Tensor? shift)
    {
        var batch = Batch(train, rows);
        return shift is null ? batch : batch.ShiftedBy(shift);
    }

    private Tensor TrainingLoss(Tensor logits, IReadOnlyList<int> rows) =>
        variant is null or { IsPlain: true }
            ? Loss(logits, train, rows)
            : variant.Of(
                logits,
                Column(train.Targets, rows).to(int64),
                train.Weights is null ? null : Column(train.Weights, rows)
            );

    public double? Score(CancellationToken stop)
    {
        if (selection is null)
            return null;

        var predicted = new int[selection.Tokens.Count];
        var loss = 0.0;
        var rows = Enumerable.Range(0, predicted.Length).OrderBy(row => selection.Tokens[row].Length);
        foreach (var batch in rows.Chunk(ScoringBatch))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var logits = model.call(Batch(selection, batch));
            loss += Loss(logits, selection with { Weights = null }, batch).item<float>() * (double)batch.Length;
            var best = logits.argmax(1).cpu().data<long>();
            for (var i = 0; i < batch.Length; i++)
                predicted[batch[i]] = (int)best[i];
        }

        return selectBy == "loss" || model.Task.Regression
            ? -loss / predicted.Length
            : SelectionScore.Of(
                selectBy,
                [.. selection.Targets.Select(target => (int)target)],
                predicted,
                model.Task.Labels.Count
            );
    }

    private TokenBatch Batch(TrainingExamples examples, IReadOnlyList<int> rows) =>
        TokenBatch.Of([.. rows.Select(row => examples.Tokens[row])], padId, model.Encoder.Device);

    private Tensor Loss(Tensor logits, TrainingExamples examples, IReadOnlyList<int> rows)
    {
        var targets = Column(examples.Targets, rows);
        if (!model.Task.Regression)
            targets = targets.to(int64);
        if (examples.Weights is null)
            return model.Loss(logits, targets);

        var weights = Column(examples.Weights, rows);
        var losses = model.Task.Regression
            ? functional.mse_loss(logits.squeeze(-1), targets, Reduction.None)
            : functional.cross_entropy(logits, targets, reduction: Reduction.None);
        return losses.mul(weights).sum().div(weights.sum());
    }

    private Tensor Column(IReadOnlyList<float> values, IReadOnlyList<int> rows) =>
        tensor(rows.Select(row => values[row]).ToArray(), device: model.Encoder.Device);
}
