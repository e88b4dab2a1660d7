using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Goals;

/// <summary>As few words as possible for which the model still says the label (Feng et al. 2018).</summary>
public sealed class InputReduction : IGoal
{
    public bool Maximises => true;

    public bool Skips(ModelAnswer answer, int label) => answer.Label != label;

    /// <summary>The share of words that are gone; among equals the label's probability decides.</summary>
    public double Score(ModelAnswer answer, PerturbedText text, int label)
    {
        if (answer.Label != label)
            return 0;
        var before = text.Original.Words.Count;
        var gone = Math.Max((double)(before - text.Words.Count) / before, 0);
        return Math.Min(gone + answer.Probabilities[label] / before, 1);
    }

    public bool Reached(ModelAnswer answer, PerturbedText text, int label) =>
        answer.Label == label && text.Words.Count <= 1;
}
