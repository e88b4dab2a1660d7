using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>How embeddings are moved against a model while it learns.</summary>
/// <param name="Steps">How often the move is made greater (FreeLB) or its direction found anew (VAT).</param>
/// <param name="StepSize">Length of one step of an example's embeddings, over all its tokens; of FreeLB only.</param>
/// <param name="Start">Greatest length of the first, random move; of FreeLB only.</param>
/// <param name="Radius">Length that a move does not exceed, 0 for any (FreeLB), or has (VAT).</param>
/// <param name="Weight">Of what the move changes in the answer; of VAT only.</param>
public sealed record AdversarialOptions(int Steps, double StepSize, double Start, double Radius, double Weight);

/// <summary>
/// FreeLB (Zhu et al. 2020, algorithm 1): each update follows the mean gradient over several moves of the embeddings, each one
/// step further up the loss. The masks of dropout are the same in all of them, as there.
/// </summary>
public sealed class FreeLbTask(SequenceTask inner, SequenceClassification model, AdversarialOptions options, long seed)
    : ITrainingTask
{
    public nn.Module Model => model;
    public IReadOnlyList<int> Lengths => inner.Lengths;

    /// <summary>Of the embeddings as they are.</summary>
    public Tensor Loss(IReadOnlyList<int> rows, long update) => inner.Loss(rows, update);

    public double Backward(IReadOnlyList<int> rows, long update, double factor = 1)
    {
        using var scope = NewDisposeScope();
        var shift = EmbeddingShift.Uniform(
            inner,
            model,
            rows,
            options.Start,
            new CounterRandom(seed, "freelb", update)
        );
        var mean = 0.0;
        for (var step = 1; ; step++)
        {
            using var inside = NewDisposeScope();
            var moved = shift.detach().requires_grad_();
            var loss = inner.Loss(rows, update, moved).mul(Scalars.Of(factor / options.Steps));
            loss.backward();
            mean += loss.item<float>();
            if (step == options.Steps)
                return mean;
            using var none = no_grad();
            var further = moved.add(EmbeddingShift.Unit(moved.grad!), Scalars.Of(options.StepSize));
            shift = EmbeddingShift.Within(further, options.Radius).detach().MoveToOuterDisposeScope();
        }
    }

    public double? Score(CancellationToken stop) => inner.Score(stop);
}
