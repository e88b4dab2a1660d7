using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Goals;

/// <summary>Any other label than the true one.</summary>
public sealed class Untargeted : IGoal
{
    public bool Skips(ModelAnswer answer, int label) => answer.Label != label;

    public double Score(ModelAnswer answer, PerturbedText text, int label) => 1 - answer.Probabilities[label];

    public bool Reached(ModelAnswer answer, PerturbedText text, int label) => answer.Label != label;
}
