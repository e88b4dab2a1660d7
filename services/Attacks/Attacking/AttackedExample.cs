using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>A labelled text to attack.</summary>
/// <param name="Label">The number of its label among the victim's.</param>
internal sealed record AttackedExample(string Id, ModelText Text, int Label)
{
    /// <summary>Of a question; null of a text that has a label.</summary>
    public AcceptedAnswers? Answers { get; init; }
}

/// <summary>How far an attack may go.</summary>
/// <param name="Queries">Of one example; null: no limit.</param>
/// <param name="Time">For all examples together; null: no limit.</param>
internal sealed record AttackLimits(long Seed, int? Queries = null, TimeSpan? Time = null);
