using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Searches;

/// <summary>One text of a population.</summary>
/// <param name="weights">For each word how likely it is drawn to be changed; 0: never.</param>
internal sealed class Member(JudgedText at, double[] weights)
{
    public JudgedText At { get; set; } = at;
    public double[] Weights { get; } = weights;
}

/// <summary>What searches with a population have in common.</summary>
internal static class Population
{
    /// <summary>
    /// Changes one drawn word of each text for its best candidate; where none is better than the text, another word is drawn. All
    /// texts take their turns together, so that their candidates fill a batch.
    /// </summary>
    /// <param name="weights">Of the words that may be drawn of a text.</param>
    /// <param name="changed">Called with a text and the word that was changed.</param>
    public static IEnumerable<IReadOnlyList<PerturbedText>> Mutate(
        AttackSession attack,
        IEnumerable<Member> members,
        Func<Member, double[]> weights,
        Action<Member, int> changed
    )
    {
        var open = members.Select(member => (Member: member, Left: weights(member))).ToList();
        while (open.Count > 0 && !attack.Over)
        {
            var asked = open.Select(one => Draw(one.Member, one.Left, attack)).OfType<Drawn>().ToList();
            open.Clear();
            if (asked.Count == 0)
                yield break;
            yield return [.. asked.SelectMany(drawn => drawn.Texts)];
            attack.KeepSuccess();
            var next = 0;
            foreach (var drawn in asked)
            {
                var best = attack.Answers.Skip(next).Take(drawn.Texts.Count).MaxBy(answer => answer.Score);
                next += drawn.Texts.Count;
                if (best is not null && best.Score > drawn.Member.At.Score)
                {
                    drawn.Member.At = best;
                    changed(drawn.Member, drawn.Word);
                    continue;
                }
                drawn.Left[drawn.Word] = 0;
                open.Add((drawn.Member, drawn.Left));
            }
            if (attack.Answers.Any(answer => answer.Reached))
                yield break;
        }
    }

    /// <summary>A word of the other text in the place of some; the text itself where none differs, or the two do not match.</summary>
    /// <param name="other">Whether a word is taken from the other text.</param>
    public static PerturbedText Mix(PerturbedText text, PerturbedText from, Func<int, bool> other)
    {
        // Every word is asked about, so that what is drawn does not depend on where the texts differ.
        int[] places = [.. Enumerable.Range(0, text.Words.Count).Where(other)];
        if (text.Words.Count != from.Words.Count)
            return text;
        var words = places
            .Where(word => text.Words[word].Word != from.Words[word].Word)
            .Select(word => (word, from.Words[word].Word))
            .ToList();
        return words.Count == 0 ? text : text.Replace(words);
    }

    /// <summary>An index, each as likely as its weight says; -1 where all are 0.</summary>
    public static int Draw(double[] weights, SeededRandom random)
    {
        var sum = weights.Sum();
        if (sum <= 0)
            return -1;
        var rest = random.NextDouble() * sum;
        var last = -1;
        for (var at = 0; at < weights.Length; at++)
        {
            if (weights[at] <= 0)
                continue;
            last = at;
            if ((rest -= weights[at]) < 0)
                break;
        }
        return last;
    }

    /// <summary>The best of a population, the earlier of equals.</summary>
    public static JudgedText Best(IEnumerable<JudgedText> texts) => texts.MaxBy(text => text.Score)!;

    private static Drawn? Draw(Member member, double[] left, AttackSession attack)
    {
        while (Draw(left, attack.Random) is >= 0 and var word)
        {
            var texts = attack.Recipe.Candidates(member.At.Text, [word], attack.Random);
            if (texts.Count > 0)
                return new(member, left, word, texts);
            left[word] = 0;
        }
        return null;
    }

    private sealed record Drawn(Member Member, double[] Left, int Word, IReadOnlyList<PerturbedText> Texts);
}
