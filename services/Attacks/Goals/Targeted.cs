using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Goals;

/// <summary>One label that is not the true one; examples of that label are passed over.</summary>
public sealed class Targeted(int target) : IGoal
{
    public bool Skips(ModelAnswer answer, int label) => label == target || answer.Label != label;

    public double Score(ModelAnswer answer, PerturbedText text, int label) => answer.Probabilities[target];

    public bool Reached(ModelAnswer answer, PerturbedText text, int label) => answer.Label == target;
}
