namespace TransferPipeline.Contracts;

/// <summary>How the attack on one example ended.</summary>
public enum AttackOutcome
{
    /// <summary>The model was wrong before any change.</summary>
    Skipped,

    /// <summary>No text that reaches the goal was found.</summary>
    Failed,

    /// <summary>The text reaches the goal.</summary>
    Successful,

    /// <summary>The goal has no end; the text is the best one found.</summary>
    Maximized,

    /// <summary>Time ran out before the search ended.</summary>
    Unfinished,
}

/// <summary>One line of an attack's log.</summary>
/// <param name="Predicted">What the model said about the text as it was.</param>
/// <param name="Score">How near that came to the goal, between 0 and 1.</param>
/// <param name="Perturbed">The text that counts: the successful one, else the best.</param>
/// <param name="Words">Of the text as it was.</param>
/// <param name="WordsChanged">Places at which the words differ.</param>
/// <param name="Queries">Texts that the search asked about, known ones and the first included, as TextAttack counts.</param>
/// <param name="Forwards">Texts that the model really read.</param>
public sealed record AttackedText(
    string Id,
    AttackOutcome Outcome,
    string Label,
    string Text,
    string? TextB,
    string Predicted,
    double Score,
    string Perturbed,
    string? PerturbedB,
    string PerturbedPredicted,
    double PerturbedScore,
    int Words,
    int WordsLeft,
    int WordsChanged,
    int Queries,
    int Forwards
)
{
    /// <summary>Of a question: the answers that count as right; the labels are then what the model answered.</summary>
    public IReadOnlyList<string>? Accepted { get; init; }
}
