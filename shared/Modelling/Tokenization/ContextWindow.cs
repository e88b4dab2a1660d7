using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>A question with a stretch of its context, as a model reads them together.</summary>
/// <param name="Spans">Where in the context its tokens stand.</param>
/// <param name="IsBest">Whether each token has no more context around it in any other window (BERT's "maximal context").</param>
public sealed record ContextWindow(TokenSequence Tokens, IReadOnlyList<TokenSpan> Spans, IReadOnlyList<bool> IsBest)
{
    /// <summary>The place of the context's first token in the sequence.</summary>
    public int Start => Tokens.Second;

    /// <summary>Cuts a context that is too long into windows that overlap; the question is never cut.</summary>
    /// <param name="stride">Tokens that two neighbours share; at most half of a window.</param>
    /// <exception cref="BadInputException">The question leaves no room for a context.</exception>
    public static IReadOnlyList<ContextWindow> Of(
        ITokenizer tokenizer,
        string question,
        string context,
        int maxTokens,
        int stride
    )
    {
        int[] asked = [.. tokenizer.Spans(question).Select(span => span.Id)];
        var room = maxTokens - asked.Length - tokenizer.SpecialCount(pair: true);
        if (room < 1)
            throw new BadInputException(
                $"the question '{Beginning(question)}' has {asked.Length} tokens and leaves {Math.Max(0, room)} of {maxTokens} for its context; expected at least 1"
            );
        stride = Math.Min(stride, room / 2);
        var spans = tokenizer.Spans(context);
        var cuts = new List<(int From, int To)>();
        do
        {
            var from = cuts.Count == 0 ? 0 : cuts[^1].To - stride;
            cuts.Add((from, Math.Min(from + room, spans.Count)));
        } while (cuts[^1].To < spans.Count);
        return
        [
            .. cuts.Select(
                (cut, index) =>
                {
                    TokenSpan[] inside = [.. spans.Skip(cut.From).Take(cut.To - cut.From)];
                    return new ContextWindow(
                        tokenizer.Wrap(asked, [.. inside.Select(span => span.Id)]),
                        inside,
                        [.. Enumerable.Range(cut.From, inside.Length).Select(token => Best(cuts, token) == index)]
                    );
                }
            ),
        ];
    }

    /// <summary>The tokens of an answer in this window; null where it is not wholly inside.</summary>
    /// <param name="from">Where it begins in the context, in UTF-16 units.</param>
    public (int First, int Last)? Find(int from, int to)
    {
        if (Spans.Count == 0 || Spans[0].Start > from || Spans[^1].End < to)
            return null;
        var first = 0;
        while (Spans[first].End <= from)
            first++;
        var last = Spans.Count - 1;
        while (last > first && Spans[last].Start >= to)
            last--;
        return (Start + first, Start + last);
    }

    /// <summary>The window in which a token has most on its poorer side; longer windows win a tie, as in BERT's script.</summary>
    private static int Best(List<(int From, int To)> cuts, int token)
    {
        var (best, most) = (-1, double.NegativeInfinity);
        for (var index = 0; index < cuts.Count; index++)
        {
            var (from, to) = cuts[index];
            if (token < from || token >= to)
                continue;
            var score = Math.Min(token - from, to - 1 - token) + 0.01 * (to - from);
            if (score > most)
                (best, most) = (index, score);
        }
        return best;
    }

    private static string Beginning(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
