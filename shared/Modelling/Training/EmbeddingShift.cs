using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>Moves of the embeddings of a batch, (B, T, D); those of padding are 0. Lengths are those of an example's whole move.</summary>
internal static class EmbeddingShift
{
    // An example whose gradient vanishes is not moved.
    private const double Least = 1e-8;

    /// <summary>Uniform between ±magnitude / √(tokens · D), as FreeLB's authors begin.</summary>
    public static Tensor Uniform(
        SequenceTask task,
        SequenceClassification model,
        IReadOnlyList<int> rows,
        double magnitude,
        CounterRandom random
    ) =>
        Filled(
            task,
            model,
            rows,
            (tokens, width) =>
            {
                var most = magnitude / Math.Sqrt((double)tokens * width);
                return () => (random.NextDouble() * 2 - 1) * most;
            }
        );

    /// <summary>Standard normal, by Box and Muller.</summary>
    public static Tensor Normal(
        SequenceTask task,
        SequenceClassification model,
        IReadOnlyList<int> rows,
        CounterRandom random
    ) =>
        Filled(
            task,
            model,
            rows,
            (_, _) =>
                () => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())
        );

    /// <summary>Of length 1, example by example.</summary>
    public static Tensor Unit(Tensor shift)
    {
        using var scope = NewDisposeScope();
        return shift.div(Norm(shift).clamp_min(Scalars.Of(Least))).MoveToOuterDisposeScope();
    }

    /// <summary>Cut to that length, example by example; 0: as it is.</summary>
    public static Tensor Within(Tensor shift, double radius)
    {
        if (radius == 0)
            return shift;
        using var scope = NewDisposeScope();
        return shift
            .mul(Norm(shift).clamp_min(Scalars.Of(Least)).reciprocal().mul(Scalars.Of(radius)).clamp_max(Scalars.One))
            .MoveToOuterDisposeScope();
    }

    private static Tensor Norm(Tensor shift) => shift.square().sum([1, 2], keepdim: true).sqrt(); // (B, 1, 1)

    /// <param name="next">Of an example's tokens and the width: what gives its numbers.</param>
    private static Tensor Filled(
        SequenceTask task,
        SequenceClassification model,
        IReadOnlyList<int> rows,
        Func<int, int, Func<double>> next
    )
    {
        var (width, length) = (model.Encoder.Width, rows.Max(row => task.Lengths[row]));
        var values = new float[(long)rows.Count * length * width];
        for (var at = 0; at < rows.Count; at++)
        {
            var tokens = task.Lengths[rows[at]];
            var number = next(tokens, width);
            foreach (ref var value in values.AsSpan(at * length * width, tokens * width))
                value = (float)number();
        }
        return tensor(values, [rows.Count, length, width], device: model.Encoder.Device);
    }
}
