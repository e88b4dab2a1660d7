using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Searches;

/// <summary>
/// A population of changed texts, the best of which are crossed word by word and changed further (Alzantot et al. 2018,
/// arXiv:1804.07998, algorithm 1; with <paramref name="replacements"/> the improved one of Wang et al. 2019, arXiv:1909.06723).
/// </summary>
/// <param name="replacements">
/// How often a word may be replaced: the first population then has one word changed in each text, and two texts are crossed at one
/// point. Null: once, random words are changed first, and each word comes from either parent.
/// </param>
internal sealed class Genetic(int population, int iterations, int? replacements = null) : ISearch
{
    private const double Temperature = 0.3; // Alzantot's code.
    private const int CrossingTries = 20; // TextAttack's max_crossover_retries.

    public IEnumerable<IReadOnlyList<PerturbedText>> Run(AttackSession attack)
    {
        var original = attack.Best;
        var members = Begin(attack, original);
        foreach (var texts in Population.Mutate(attack, members, Weights(members), Changed))
            yield return texts;

        for (var iteration = 0; iteration < iterations; iteration++)
        {
            members = [.. members.OrderByDescending(member => member.At.Score).Take(population)];
            if (members.Length == 0)
                yield break;
            attack.KeepBest(members[0].At);
            if (attack.Over || attack.Best.Reached || members.Length == 1)
                yield break;

            var children = Cross(attack, members);
            yield return [.. children.Select(child => child.Text)];
            attack.KeepSuccess();
            Member[] born = [.. attack.Answers.Zip(children, (answer, child) => new Member(answer, child.Weights))];
            if (!attack.Answers.Any(answer => answer.Reached))
                foreach (var texts in Population.Mutate(attack, born, member => Drawable(member.Weights), Changed))
                    yield return texts;
            members = [members[0], .. born];
        }
        attack.KeepBest(Population.Best(members.Select(member => member.At)));
    }

    private Member[] Begin(AttackSession attack, JudgedText original)
    {
        var words = original.Text.Words.Count;
        var weights = new double[words];
        foreach (var word in attack.Recipe.Words(original.Text))
            weights[word] = replacements ?? attack.Recipe.Candidates(original.Text, [word], attack.Random).Count;
        return
        [
            .. Enumerable
                .Range(0, replacements is null ? population : words)
                .Select(_ => new Member(original, [.. weights])),
        ];
    }

    /// <summary>Of the first population: any word, or of the improved one each text its own.</summary>
    private Func<Member, double[]> Weights(Member[] members)
    {
        if (replacements is null)
            return member => [.. member.Weights];
        return member =>
        {
            var own = Array.IndexOf(members, member);
            return [.. member.Weights.Select((weight, word) => word == own ? weight : 0)];
        };
    }

    private double[] Drawable(double[] weights) =>
        replacements is null ? [.. weights] : [.. weights.Select(weight => Math.Sign(weight))];

    private void Changed(Member member, int word) =>
        member.Weights[word] = replacements is null ? 0 : member.Weights[word] - 1;

    private List<(PerturbedText Text, double[] Weights)> Cross(AttackSession attack, Member[] members)
    {
        var best = members[0].At.Score;
        var likely = Array.ConvertAll(members, member => Math.Exp((member.At.Score - best) / Temperature));
        var parents = Enumerable.Range(1, members.Length - 1).Select(_ => (One: Drawn(), Other: Drawn())).ToArray();
        var children = new (PerturbedText Text, double[] Weights)?[parents.Length];
        for (var tries = 0; tries <= CrossingTries && children.Contains(null); tries++)
        {
            var made = Enumerable
                .Range(0, parents.Length)
                .Where(at => children[at] is null)
                .Select(at => (At: at, Child: Cross(attack, parents[at].One, parents[at].Other)))
                .ToList();
            // Children of one parent are held to the constraints together: some ask a model.
            foreach (var same in made.GroupBy(one => parents[one.At].One.At.Text))
            {
                var changed = same.Select(one => one.Child.Text).Where(text => text != same.Key).ToList();
                var kept = attack.Recipe.Kept(changed, same.Key).Append(same.Key).ToHashSet();
                foreach (var (at, child) in same.Where(one => kept.Contains(one.Child.Text)))
                    children[at] = child;
            }
        }
        return
        [
            .. children.Zip(parents, (child, two) => child ?? Parent(attack.Random.Next(2) == 0 ? two.One : two.Other)),
        ];

        Member Drawn() => members[Population.Draw(likely, attack.Random)];
    }

    private (PerturbedText Text, double[] Weights) Cross(AttackSession attack, Member one, Member other)
    {
        var words = one.Weights.Length;
        var point = attack.Random.Next(words);
        var taken = Enumerable
            .Range(0, words)
            .Select(word => replacements is null ? attack.Random.Next(2) == 0 : word >= point)
            .ToArray();
        return (
            Population.Mix(one.At.Text, other.At.Text, word => word < words && taken[word]),
            [.. taken.Select((it, word) => (it ? other : one).Weights[word])]
        );
    }

    private static (PerturbedText Text, double[] Weights) Parent(Member parent) =>
        (parent.At.Text, [.. parent.Weights]);
}
