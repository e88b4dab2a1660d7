namespace TransferPipeline.Modelling.Training;

/// <summary>Where a training stands, beside the tensors. Orders, masks and dropout follow from the number of updates.</summary>
/// <param name="Scored">The last update at which the selection split was looked at.</param>
/// <param name="Losses">Losses of the newest updates, oldest first.</param>
internal sealed record TrainingState(
    long Update,
    long Scored,
    double? Score,
    SelectionState Selection,
    IReadOnlyList<double> Losses,
    double Seconds
)
{
    private const int Recent = 50;

    public static TrainingState Start { get; } = new(0, 0, null, new(null, 0, 0), [], 0);

    /// <summary>Mean loss of the newest updates.</summary>
    public double Loss => Losses.Count == 0 ? 0 : Losses.Average();

    public TrainingState After(double loss) =>
        this with
        {
            Update = Update + 1,
            Losses = [.. Losses.TakeLast(Recent - 1), loss],
        };
}
