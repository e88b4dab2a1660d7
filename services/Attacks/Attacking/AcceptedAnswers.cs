using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>The answers to a question that count as right; an attack leaves their words in the context as they are.</summary>
/// <param name="Texts">The answers.</param>
/// <param name="Words">The words that they are made of, by their index in question and context.</param>
internal sealed record AcceptedAnswers(IReadOnlyList<string> Texts, IReadOnlySet<int> Words)
{
    /// <summary>Those of an example.</summary>
    /// <param name="text">Question and context.</param>
    /// <param name="label">As <see cref="Answers.Write"/> wrote it.</param>
    public static AcceptedAnswers OfLabel(ModelText text, string label)
    {
        var answers = Answers.Read(label) ?? [];
        var places = answers
            .Select(answer => (Start: answer.StartIn(text.Second!), answer.Text.Length))
            .Where(place => place.Start is not null)
            .Select(place => (place.Start!.Value, place.Length));
        return new([.. answers.Select(answer => answer.Text).Distinct()], WordsAt(text, [.. places]));
    }

    /// <summary>One answer, wherever the context holds it.</summary>
    /// <exception cref="BadInputException">It does not.</exception>
    public static AcceptedAnswers OfText(ModelText text, string answer)
    {
        (int, int)[] places = [.. Places(text.Second!, answer).Select(start => (start, answer.Length))];
        return places.Length > 0
            ? new([answer], WordsAt(text, places))
            : throw new BadInputException(
                $"label: the context does not hold '{answer}'; expected an answer that it holds"
            );
    }

    /// <summary>The label of the example with another context, in which the answers stand elsewhere; null where none does.</summary>
    public static string? Moved(string label, string from, string to)
    {
        Answer[] moved = [.. Answers.Read(label)!.Select(answer => Moved(answer, from, to)).OfType<Answer>()];
        return moved.Length == 0 ? null : Answers.Write(moved);
    }

    /// <summary>Of several places that hold the same words the one nearest to where they stood.</summary>
    private static Answer? Moved(Answer answer, string from, string to)
    {
        var expected = (double)(answer.StartIn(from) ?? 0) / Math.Max(1, from.Length) * to.Length;
        int[] places = [.. Places(to, answer.Text)];
        if (places.Length == 0)
            return null;
        var start = places.MinBy(place => Math.Abs(place - expected));
        return new(answer.Text, to[..start].EnumerateRunes().Count());
    }

    private static IEnumerable<int> Places(string context, string answer)
    {
        if (answer.Length == 0)
            yield break;
        for (
            var at = context.IndexOf(answer, StringComparison.Ordinal);
            at >= 0;
            at = context.IndexOf(answer, at + 1, StringComparison.Ordinal)
        )
            yield return at;
    }

    private static HashSet<int> WordsAt(ModelText text, (int Start, int Length)[] places) =>
        [
            .. PerturbedText
                .Of(text)
                .Words.Index()
                .Where(word => word.Item.Column == 1)
                .Where(word =>
                    places.Any(place => word.Item.Start < place.Start + place.Length && place.Start < word.Item.End)
                )
                .Select(word => word.Index),
        ];
}
