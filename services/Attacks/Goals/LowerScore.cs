using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Goals;

/// <summary>A probability of the true label below a bound, whatever the likeliest label is.</summary>
public sealed class LowerScore(double below) : IGoal
{
    public bool Skips(ModelAnswer answer, int label) => answer.Label != label;

    public double Score(ModelAnswer answer, PerturbedText text, int label) => 1 - answer.Probabilities[label];

    public bool Reached(ModelAnswer answer, PerturbedText text, int label) => answer.Probabilities[label] < below;
}
