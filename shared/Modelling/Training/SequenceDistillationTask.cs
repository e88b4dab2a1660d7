using TorchSharp;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Training;

/// <summary>A text, what its teacher says of it, and its label where it has one.</summary>
/// <param name="Teacher">The teacher's logits, in the order of the student's labels.</param>
/// <param name="Label">Number of the true label; null where none is known.</param>
public sealed record TaughtText(TokenSequence Tokens, float[] Teacher, int? Label);

/// <summary>
/// A student learns a classifier's probabilities on texts with and without labels, and the labels where there are any
/// (Hinton et al. 2015).
/// </summary>
/// <param name="masks">Those that the student was opened with.</param>
public sealed class SequenceDistillationTask(
    SequenceClassification student,
    DropoutMasks masks,
    int padId,
    IReadOnlyList<TaughtText> texts,
    DistillationWeights weights
) : ITrainingTask
{
    public nn.Module Model => student;
    public IReadOnlyList<int> Lengths { get; } = [.. texts.Select(text => text.Tokens.Length)];

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        using var scope = NewDisposeScope();
        masks.Begin(update);
        var batch = rows.Select(row => texts[row]).ToList();
        var logits = student.call(TokenBatch.Of([.. batch.Select(text => text.Tokens)], padId, student.Encoder.Device));
        return Loss(logits, batch).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of logits that the student gave these texts, (B, labels).</summary>
    internal Tensor Loss(Tensor logits, IReadOnlyList<TaughtText> batch)
    {
        using var scope = NewDisposeScope();
        var teacher = tensor(
            batch.SelectMany(text => text.Teacher).ToArray(),
            [batch.Count, logits.size(1)],
            device: logits.device
        );
        var loss = DistillationLoss.SoftTargets(logits, teacher, weights.Temperature).mul(Scalars.Of(weights.Soft));

        var labelled = Enumerable.Range(0, batch.Count).Where(row => batch[row].Label is not null).ToList();
        if (weights.Hard > 0 && labelled.Count > 0)
        {
            var places = tensor(labelled.Select(row => (long)row).ToArray(), device: logits.device);
            var labels = tensor(labelled.Select(row => (long)batch[row].Label!.Value).ToArray(), device: logits.device);
            var hard = functional.cross_entropy(logits.index_select(0, places), labels);
            loss = loss.add(hard, Scalars.Of(weights.Hard));
        }
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>No split is selected on.</summary>
    public double? Score(CancellationToken stop) => null;
}
