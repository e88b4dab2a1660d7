namespace TransferPipeline.Evaluation.Comparing;

/// <summary>What one model took; null what nobody measured.</summary>
/// <param name="Parameters">Numbers that its files hold.</param>
/// <param name="Bytes">Of its files.</param>
/// <param name="TrainingSeconds">Of its last training.</param>
/// <param name="PeakMemory">The most memory that the process took for it, in bytes.</param>
/// <param name="TextsPerSecond">That it read when it was scored.</param>
internal sealed record ModelCost(
    double? Parameters,
    double? Bytes,
    double? TrainingSeconds,
    double? PeakMemory,
    double? TextsPerSecond
)
{
    /// <summary>Over models, each figure by those that have it.</summary>
    public static ModelCost Mean(IReadOnlyList<ModelCost> costs)
    {
        double? Of(Func<ModelCost, double?> figure) =>
            costs.Select(figure).OfType<double>().ToArray() is { Length: > 0 } known ? known.Average() : null;
        return new(
            Of(cost => cost.Parameters),
            Of(cost => cost.Bytes),
            Of(cost => cost.TrainingSeconds),
            Of(cost => cost.PeakMemory),
            Of(cost => cost.TextsPerSecond)
        );
    }
}
