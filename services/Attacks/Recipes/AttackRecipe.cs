using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Searches;
using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Texts;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Attacks.Recipes;

/// <summary>The four parts of an attack.</summary>
internal sealed record AttackRecipe(
    string Name,
    IGoal Goal,
    ITransformation Transformation,
    IReadOnlyList<IWordConstraint> WordConstraints,
    IReadOnlyList<ITextConstraint> TextConstraints,
    ISearch Search
)
{
    /// <summary>The recipe as it attacks that example.</summary>
    public AttackRecipe For(AttackedExample example) => example.Answers is { } answers ? ForQuestion(answers) : this;

    /// <summary>Whether it may change a word of the example: not where all are stop words that it keeps, for one.</summary>
    public bool MayChange(AttackedExample example) => For(example).Words(PerturbedText.Of(example.Text)).Count > 0;

    /// <summary>
    /// The same against a model that answers questions: the context is changed, but for the words of accepted answers; what shall
    /// become short is the question (Feng et al. 2018). A recipe that names the text it changes keeps to that.
    /// </summary>
    private AttackRecipe ForQuestion(AcceptedAnswers answers)
    {
        var kept = new KeptWords(answers.Words);
        IEnumerable<IWordConstraint> column = WordConstraints.OfType<OnlyColumn>().Any()
            ? []
            : [new OnlyColumn(Goal.Maximises ? 0 : 1)];
        return this with
        {
            WordConstraints = [.. WordConstraints, .. column, kept],
            TextConstraints = [kept, .. TextConstraints],
        };
    }

    /// <summary>Words that may be changed, in their order.</summary>
    public IReadOnlyList<int> Words(PerturbedText text) =>
        [
            .. Enumerable
                .Range(0, text.Words.Count)
                .Where(word => WordConstraints.All(constraint => constraint.Allows(text, word))),
        ];

    /// <summary>What may come of changing one of these words, sorted by text as TextAttack sorts it.</summary>
    public IReadOnlyList<PerturbedText> Candidates(PerturbedText text, IEnumerable<int> words, SeededRandom random)
    {
        int[] allowed =
        [
            .. words.Where(word =>
                word < text.Words.Count && WordConstraints.All(constraint => constraint.Allows(text, word))
            ),
        ];
        IReadOnlyList<PerturbedText> made =
        [
            .. Transformation.Candidates(text, allowed, random).Where(candidate => candidate.Text != text.Text),
        ];
        return [.. Kept(made, text).OrderBy(candidate => candidate.Text, StringComparer.Ordinal)];
    }

    /// <summary>Those of several texts, made of one, that are good enough.</summary>
    public IReadOnlyList<PerturbedText> Kept(IReadOnlyList<PerturbedText> candidates, PerturbedText current)
    {
        foreach (var constraint in TextConstraints)
            candidates = candidates.Count == 0 ? candidates : constraint.Kept(candidates, current);
        return candidates;
    }

    /// <summary>Whether one is.</summary>
    public bool Allows(PerturbedText candidate, PerturbedText current) => Kept([candidate], current).Count == 1;
}
