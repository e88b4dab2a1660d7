using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Modelling.Inference;

/// <summary>An answer that a model found; the empty text where it says that there is none.</summary>
/// <param name="Start">Where it begins in the context, in UTF-16 units; -1 for none.</param>
/// <param name="Score">Sum of its start and end logits.</param>
/// <param name="NoAnswer">The sum that stands for no answer: the smallest over the windows of both logits of the first token.</param>
/// <param name="Best">The best answers with text, by falling score, with their share among them (softmax).</param>
public sealed record FoundAnswer(
    string Text,
    int Start,
    float Score,
    float NoAnswer,
    IReadOnlyList<AnswerCandidate> Best
);

/// <summary>One of the best answers.</summary>
public sealed record AnswerCandidate(string Text, int Start, float Score, float Probability);

/// <summary>How the best stretch is chosen from the logits of starts and ends, as SQuAD's usual scripts do.</summary>
/// <param name="Candidates">Starts and ends of the highest logits that are combined in each window, and answers that are kept.</param>
/// <param name="LongestAnswer">In tokens.</param>
/// <param name="NullThreshold">No answer is said where its score exceeds the best answer's by more; null: always an answer.</param>
/// <param name="Stride">Tokens that two windows of a long context share.</param>
public sealed record AnswerSearch(
    int Candidates = 20,
    int LongestAnswer = 30,
    double? NullThreshold = null,
    int Stride = 128
)
{
    /// <summary>The best answer over all windows of a context.</summary>
    /// <param name="logits">For each window, start and end logit of each token in turn; padding behind is passed over.</param>
    public FoundAnswer Best(string context, IReadOnlyList<ContextWindow> windows, IReadOnlyList<float[]> logits)
    {
        var found = new Dictionary<(int Start, int End), float>();
        var none = float.PositiveInfinity;
        foreach (var (window, values) in windows.Zip(logits))
        {
            none = Math.Min(none, values[0] + values[1]);
            foreach (var (from, to, score) in Stretches(context, window, values))
                if (!found.TryGetValue((from, to), out var known) || known < score)
                    found[(from, to)] = score;
        }
        var best = found
            .OrderByDescending(one => one.Value)
            .ThenBy(one => one.Key.Start)
            .ThenBy(one => one.Key.End)
            .Take(Candidates)
            .ToArray();
        if (best.Length == 0)
            return new("", -1, none, none, []);
        var shares = Shares(Array.ConvertAll(best, one => one.Value));
        AnswerCandidate[] candidates =
        [
            .. best.Zip(
                shares,
                (one, share) =>
                    new AnswerCandidate(context[one.Key.Start..one.Key.End], one.Key.Start, one.Value, share)
            ),
        ];
        return NullThreshold is { } threshold && none - candidates[0].Score > threshold
            ? new("", -1, none, none, candidates)
            : new(candidates[0].Text, candidates[0].Start, candidates[0].Score, none, candidates);
    }

    private IEnumerable<(int From, int To, float Score)> Stretches(string context, ContextWindow window, float[] values)
    {
        var starts = Highest(window, values, 0);
        var ends = Highest(window, values, 1);
        foreach (var first in starts.Where(token => window.IsBest[token]))
        foreach (var last in ends)
        {
            if (last < first || last - first >= LongestAnswer)
                continue;
            var (from, to) = (window.Spans[first].Start, window.Spans[last].End);
            // A byte-level token holds the space before its word.
            while (from < to && char.IsWhiteSpace(context[from]))
                from++;
            if (from < to)
                yield return (from, to, Logit(window, values, first, 0) + Logit(window, values, last, 1));
        }
    }

    /// <summary>Tokens of the context with the highest logits.</summary>
    private int[] Highest(ContextWindow window, float[] values, int which) =>
        [
            .. Enumerable
                .Range(0, window.Spans.Count)
                .OrderByDescending(token => Logit(window, values, token, which))
                .Take(Candidates),
        ];

    private static float Logit(ContextWindow window, float[] values, int token, int which) =>
        values[2 * (window.Start + token) + which];

    private static float[] Shares(float[] scores)
    {
        var powers = Array.ConvertAll(scores, score => MathF.Exp(score - scores[0]));
        var sum = powers.Sum();
        return Array.ConvertAll(powers, power => power / sum);
    }
}
