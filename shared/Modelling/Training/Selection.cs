namespace TransferPipeline.Modelling.Training;

/// <summary>Remembers the best score on the selection split and says when waiting for a better one is over.</summary>
/// <param name="patience">Scores in a row without a better one after which training stops; 0 for never.</param>
public sealed class Selection(int patience)
{
    /// <summary>What was seen so far.</summary>
    public SelectionState State { get; private set; } = new(null, 0, 0);

    /// <summary>Whether training should stop.</summary>
    public bool Exhausted => patience > 0 && State.ScoresSinceBest >= patience;

    /// <summary>Takes the score after an update; true where it is better than all before (a tie keeps the earlier).</summary>
    public bool Offer(long update, double score)
    {
        var better = State.Best is not { } best || score > best;
        State = better ? new(score, update, 0) : State with { ScoresSinceBest = State.ScoresSinceBest + 1 };
        return better;
    }

    /// <summary>Goes on from a checkpoint.</summary>
    public void Restore(SelectionState state) => State = state;
}

/// <summary>The best score, where it was reached, and how many scores came after it.</summary>
public sealed record SelectionState(double? Best, long BestUpdate, int ScoresSinceBest);
