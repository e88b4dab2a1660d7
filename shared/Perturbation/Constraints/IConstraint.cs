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

    /// <summary>Those of several candidates, made of one text, that are allowed; a constraint that asks a model asks it once.</summary>
    IReadOnlyList<PerturbedText> Kept(IReadOnlyList<PerturbedText> candidates, PerturbedText current) =>
        [.. candidates.Where(candidate => Allows(candidate, current))];
}
