using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Attacks.Searches;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>The attack on one example: its search, its counters, and what the model has answered so far.</summary>
internal sealed class AttackSession
{
    private readonly Dictionary<string, ModelAnswer> _known = [];
    private readonly IEnumerator<IReadOnlyList<PerturbedText>> _steps;
    private readonly int? _budget;
    private VictimText[] _asked = [];
    private IReadOnlyList<PerturbedText> _texts = [];
    private JudgedText? _success;

    public AttackSession(AttackedExample example, AttackRecipe recipe, IVictim victim, AttackLimits limits)
    {
        (Example, Victim, _budget) = (example, victim, limits.Queries);
        Recipe = recipe.For(example);
        Random = new SeededRandom(limits.Seed, $"{recipe.Name} {example.Text.First} {example.Text.Second}");
        _steps = Steps().GetEnumerator();
        Best = null!;
        Original = null!;
    }

    public AttackedExample Example { get; }
    public AttackRecipe Recipe { get; }
    public IVictim Victim { get; }

    /// <summary>What this example draws from, whatever is attacked beside it.</summary>
    public SeededRandom Random { get; }

    /// <summary>What the model said about the texts that the search gave last, in their order; fewer where the budget ran out.</summary>
    public IReadOnlyList<JudgedText> Answers { get; private set; } = [];

    /// <summary>The text that the search stands at.</summary>
    public JudgedText Best { get; set; }

    public JudgedText Original { get; private set; }

    /// <summary>Whether the budget is spent.</summary>
    public bool Over => Queries == _budget;

    /// <summary>Texts that the search asked about, known ones and the first included, as TextAttack counts.</summary>
    public int Queries { get; private set; }

    /// <summary>Texts that the model really read.</summary>
    public int Forwards { get; private set; }

    /// <summary>Whether there was nothing to attack.</summary>
    public bool Skipped { get; private set; }

    /// <summary>The texts of the next step that the model has not read yet; null at the end.</summary>
    public IReadOnlyList<VictimText>? Next()
    {
        if (!_steps.MoveNext())
            return null;
        _texts = _budget is { } budget ? [.. _steps.Current.Take(budget - Queries)] : _steps.Current;
        _asked = [.. _texts.Select(text => Victim.Read(Example, text.Model))];
        Queries += _asked.Length;
        VictimText[] unknown = [.. _asked.Where(text => !_known.ContainsKey(text.Key)).DistinctBy(text => text.Key)];
        Forwards += unknown.Length;
        return unknown;
    }

    /// <summary>Takes what the model said about the texts of <see cref="Next"/>.</summary>
    public void Take(IReadOnlyList<VictimText> texts, IEnumerable<VictimAnswer> answers)
    {
        foreach (var (text, answer) in texts.Zip(answers))
            _known[text.Key] = ModelAnswer.Of(answer.Probabilities) with { Said = answer.Said };
        Answers = [.. _texts.Zip(_asked, (text, asked) => Judge(text, _known[asked.Key]))];
        if (Original is not null)
            return;
        Best = Original = Answers[0];
        Skipped = Recipe.Goal.Skips(Original.Answer, Example.Label);
    }

    /// <summary>
    /// Keeps the first of the answers that reached the goal, for a search that ends elsewhere: among several labels a text of
    /// a higher score need not reach it. So a greater budget never makes a success a failure.
    /// </summary>
    public void KeepSuccess() => _success ??= Answers.FirstOrDefault(answer => answer.Reached);

    /// <summary>Goes to that text where it is better than the one that the search stands at.</summary>
    public void KeepBest(JudgedText text)
    {
        if (text.Score > Best.Score)
            Best = text;
    }

    /// <summary>How it ended, or stands.</summary>
    /// <param name="finished">Whether the search came to its end.</param>
    public AttackedText Result(bool finished) =>
        AttackResults.Of(this, finished, Best.Reached ? Best : _success ?? Best);

    private IEnumerable<IReadOnlyList<PerturbedText>> Steps()
    {
        yield return [PerturbedText.Of(Example.Text)];
        if (Skipped)
            yield break;
        foreach (var candidates in Recipe.Search.Run(this))
            yield return candidates;
    }

    private JudgedText Judge(PerturbedText text, ModelAnswer answer) =>
        new(
            text,
            answer,
            Recipe.Goal.Score(answer, text, Example.Label),
            !Recipe.Goal.Maximises && Recipe.Goal.Reached(answer, text, Example.Label)
        );
}
