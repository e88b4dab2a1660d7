using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Attacks.Goals;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Searches;

/// <summary>How an attack goes through the texts that it may make.</summary>
internal interface ISearch
{
    /// <summary>
    /// Gives texts to ask the model about, several at a time; each time it goes on, their answers lie in
    /// <see cref="AttackSession.Answers"/>. Ends with <see cref="AttackSession.Best"/> set.
    /// </summary>
    IEnumerable<IReadOnlyList<PerturbedText>> Run(AttackSession attack);
}

/// <summary>A text that the model was asked about.</summary>
internal sealed record JudgedText(PerturbedText Text, ModelAnswer Answer, double Score, bool Reached);
