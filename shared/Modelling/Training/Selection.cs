namespace TransferPipeline.Modelling.Training;

/// <summary>Remembers the best score on the selection split and says when waiting for a better one is over.</summary>
/// <param name="patience">Scores in a row without gain after which training stops; 0 for never.</param>
/// <param name="gain">
/// A score has gained where it exceeds the best before it by more than this, as in Transformers' <c>EarlyStoppingCallback</c>;
/// what is best is decided without it.
/// </param>
public sealed class Selection(int patience, double gain = 0)
{
    /// <summary>What was seen so far.</summary>
    public SelectionState State { get; private set; } = new(null, 0, 0);

    /// <summary>Whether training should stop.</summary>
    public bool Exhausted => patience > 0 && State.ScoresWithoutGain >= patience;

    /// <summary>Takes the score after an update; true where it is better than all before (a tie keeps the earlier).</summary>
    public bool Offer(long update, double score)
    {
        var gained = State.Best is not { } last || score - last > gain;
        var without = gained ? 0 : State.ScoresWithoutGain + 1;
        var better = State.Best is not { } best || score > best;
        State = better ? new(score, update, without) : State with { ScoresWithoutGain = without };
        return better;
    }

    /// <summary>Goes on from a checkpoint.</summary>
    public void Restore(SelectionState state) => State = state;
}

/// <summary>The best score, where it was reached, and how many scores in a row have not gained on the best before them.</summary>
public sealed record SelectionState(double? Best, long BestUpdate, int ScoresWithoutGain);
