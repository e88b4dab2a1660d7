using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// Virtual adversarial training (Miyato, Dai and Goodfellow 2017): to the loss comes how far the answer is from the one for
/// embeddings that were moved by a fixed length where it changes most, found by power iteration.
/// </summary>
public sealed class VirtualAdversarialTask(
    SequenceTask inner,
    SequenceClassification model,
    AdversarialOptions options,
    long seed
) : ITrainingTask
{
    /// <summary>Length of the move by which the direction is found: the authors' <c>small_constant_for_finite_diff</c>.</summary>
    private const double Probe = 0.1;

    public nn.Module Model => model;
    public IReadOnlyList<int> Lengths => inner.Lengths;

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        using var scope = NewDisposeScope();
        var loss = inner.Loss(rows, update);
        if (options.Weight > 0)
            loss = loss.add(Divergence(rows, update), Scalars.Of(options.Weight));
        return loss.MoveToOuterDisposeScope();
    }

    public double? Score(CancellationToken stop) => inner.Score(stop);

    /// <summary>Mean divergence of the answer to moved embeddings from the answer to those that are there, which is not learnt from.</summary>
    private Tensor Divergence(IReadOnlyList<int> rows, long update)
    {
        Tensor target;
        using (no_grad())
            target = inner.Logits(rows, update).log_softmax(1);
        var direction = EmbeddingShift.Unit(
            EmbeddingShift.Normal(inner, model, rows, new CounterRandom(seed, "vat", update))
        );
        for (var step = 0; step < options.Steps; step++)
        {
            using var inside = NewDisposeScope();
            var moved = direction.mul(Scalars.Of(Probe)).detach().requires_grad_();
            var gradient = autograd.grad([From(target, inner.Logits(rows, update, moved))], [moved])[0];
            direction = EmbeddingShift.Unit(gradient).detach().MoveToOuterDisposeScope();
        }
        return From(target, inner.Logits(rows, update, direction.mul(Scalars.Of(options.Radius))));
    }

    private static Tensor From(Tensor target, Tensor logits) =>
        target.exp().mul(target.sub(logits.log_softmax(1))).sum(1).mean();
}
