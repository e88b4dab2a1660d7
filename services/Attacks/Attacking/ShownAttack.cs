using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Attacks.Searches;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>Where an attack stands after some of its queries.</summary>
/// <param name="Text">The best text so far.</param>
/// <param name="Score">How near it comes to the goal.</param>
/// <param name="Probability">Of the label that the model says.</param>
public sealed record AttackStep(int Queries, ModelText Text, string Label, double Probability, double Score);

/// <summary>The attack on one text, step by step.</summary>
public sealed class ShownAttack
{
    private readonly IVictim _victim;
    private readonly ExampleMaker _example;
    private readonly AttackRecipe _recipe;
    private readonly AttackLimits _limits;

    private ShownAttack(IVictim victim, ExampleMaker example, AttackRecipe recipe, AttackLimits limits) =>
        (_victim, _example, _recipe, _limits) = (victim, example, recipe, limits);

    private delegate AttackedExample ExampleMaker(ModelText text, string? label, CancellationToken stop);

    /// <exception cref="BadInputException">An unknown recipe, or one that lacks a pack.</exception>
    public static ShownAttack On(IClassifier model, string recipe, RecipeResources given, long seed, int? budget) =>
        new(
            Victims.Of(model),
            (text, label, stop) => new("text", AllRead(model, text), LabelOf(model, text, label, stop)),
            AttackRecipes.Find(recipe, given),
            new(seed, budget)
        );

    /// <summary>On a model that answers questions; the texts are a question and its context.</summary>
    /// <exception cref="BadInputException">An unknown recipe, or one that lacks a pack.</exception>
    public static ShownAttack On(IAnswerer model, string recipe, RecipeResources given, long seed, int? budget) =>
        new(
            new AnswerVictim(model),
            (text, label, stop) =>
                new("text", text, Label: 0)
                {
                    Answers = AcceptedAnswers.OfText(
                        text,
                        label ?? model.Answer([text], new AnswerSearch(), stop)[0].Text
                    ),
                },
            AttackRecipes.Find(recipe, given),
            new(seed, budget)
        );

    /// <summary>What came of it; null before the last step.</summary>
    public AttackedText? Result { get; private set; }

    /// <summary>A step for each time that the best text changes, the text as it was first.</summary>
    /// <param name="label">The true label, or the right answer; null: what the model says.</param>
    /// <exception cref="BadInputException">
    /// A label that the model does not know, an answer that the context does not hold, or a text that is longer than the model
    /// reads, or of which the recipe may change nothing.
    /// </exception>
    public IEnumerable<AttackStep> Run(ModelText text, string? label, CancellationToken stop)
    {
        var example = _example(text, label, stop);
        if (!_recipe.MayChange(example))
            throw new BadInputException(
                $"text: recipe {_recipe.Name} may change none of its words; expected some that it does not keep, as it keeps stop words"
            );
        var session = new AttackSession(example, _recipe, _victim, _limits);
        JudgedText? shown = null;
        while (true)
        {
            var queries = session.Queries;
            var texts = session.Next();
            if (session.Best is { } best && best != shown)
                yield return Step(queries, shown = best);
            if (texts is null)
                break;
            session.Take(texts, session.Victim.Predict(texts, stop));
        }
        Result = session.Result(finished: true);
    }

    private AttackStep Step(int queries, JudgedText best) =>
        new(
            queries,
            best.Text.Model,
            best.Answer.Said ?? _victim.Labels[best.Answer.Label],
            best.Answer.Probabilities[best.Answer.Label],
            best.Score
        );

    private static ModelText AllRead(IClassifier model, ModelText text) =>
        model.CutOff([text])[0] is var beyond and > 0
            ? throw new BadInputException(
                $"text: {beyond} tokens stand beyond what the model reads; expected a shorter one"
            )
            : text;

    private static int LabelOf(IClassifier model, ModelText text, string? label, CancellationToken stop)
    {
        if (label is null)
        {
            var said = model.Predict([text], stop)[0];
            return Array.IndexOf(said, said.Max());
        }
        var known = model.Labels.ToList().IndexOf(label);
        return known >= 0
            ? known
            : throw new BadInputException(
                $"label: the model does not know '{label}'; expected one of {string.Join(", ", model.Labels)}"
            );
    }
}
