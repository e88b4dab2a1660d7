using TorchSharp;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// Mixup of hidden states: the pooled state of each example, and its label, are mixed with those of another one, by a share
/// from Beta(α, α) (Zhang et al. 2018; of hidden states Verma et al. 2019, of a transformer's pooled one Sun et al. 2020).
/// </summary>
/// <remarks>The other one is drawn from the examples of the group, not from the batch. One that is alone in its group is not mixed.</remarks>
/// <param name="groups">That of each example.</param>
/// <param name="alpha">Below 1 most shares are near 0 or 1, above it near a half.</param>
public sealed class MixupTask(
    SequenceTask inner,
    SequenceClassification model,
    IReadOnlyList<int> groups,
    double alpha,
    long seed
) : ITrainingTask
{
    private readonly Dictionary<int, int[]> _members = Enumerable
        .Range(0, groups.Count)
        .GroupBy(example => groups[example])
        .ToDictionary(group => group.Key, group => group.ToArray());

    public nn.Module Model => model;
    public IReadOnlyList<int> Lengths => inner.Lengths;

    public double? Score(CancellationToken stop) => inner.Score(stop);

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        using var scope = NewDisposeScope();
        var random = new CounterRandom(seed, "mixup", update);
        int[] partners = [.. rows.Select(row => Partner(row, random))];
        return inner.MixedLoss(rows, partners, Shares(rows.Count, random), update).MoveToOuterDisposeScope();
    }

    internal int Partner(int example, CounterRandom random)
    {
        var members = _members[groups[example]];
        if (members.Length == 1)
            return example;
        var other = members[random.NextInt(members.Length - 1)];
        return other == example ? members[^1] : other;
    }

    /// <summary>Of as many examples, (count).</summary>
    internal Tensor Shares(int count, CounterRandom random)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(random.Next());
        using var concentration = tensor(new[] { (float)alpha });
        return distributions
            .Beta(concentration, concentration, generator)
            .sample(count)
            .flatten()
            .to(model.Encoder.Device)
            .MoveToOuterDisposeScope();
    }
}
