using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Constraints;

/// <summary>Says which words of a text may be changed.</summary>
public interface IWordConstraint
{
    bool Allows(PerturbedText text, int word);
}

/// <summary>Says which changed texts are still good enough.</summary>
public interface ITextConstraint
{
    /// <param name="current">The text that the candidate was made of.</param>
    bool Allows(PerturbedText candidate, PerturbedText current);
}
