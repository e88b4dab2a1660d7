using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Modelling.Inference;

/// <summary>A place in a text at which one word may stand.</summary>
public readonly record struct WordGap(string Before, string After);

/// <summary>A word that a model foretells, and how sure it is.</summary>
public readonly record struct ForetoldWord(string Word, double Probability);

/// <summary>Words that a masked language model foretells, of all that its vocabulary holds as one token.</summary>
public sealed class WordGaps
{
    private readonly HiddenWords _model;
    private readonly int[] _words;
    private readonly Lazy<int[]> _continuations;

    public WordGaps(HiddenWords model)
    {
        (_model, _words) = (model, [.. LetterTokens.Of(model.Tokenizer)]);
        _continuations = new(() => [.. LetterTokens.Of(model.Tokenizer, continuing: true)]);
    }

    /// <summary>The likeliest words at each gap, the likeliest first; of a long text what is near the gap is read.</summary>
    /// <param name="most">How many words of a gap.</param>
    /// <param name="least">The least probability of a word, among all tokens.</param>
    public IReadOnlyList<IReadOnlyList<ForetoldWord>> Fill(IReadOnlyList<WordGap> gaps, int most, double least = 0) =>
        [.. _model.Read([.. gaps.Select(Hidden)]).Select(said => Likeliest(said, most, least))];

    /// <summary>
    /// Words for one that is not hidden (Li et al. 2020, arXiv:2004.09984, §3.2): of one piece the likeliest words at its place, of
    /// several the likeliest joins of the likeliest pieces at theirs. None for a word that is not read.
    /// </summary>
    /// <param name="most">How many pieces of a place, and how many words.</param>
    public IReadOnlyList<string> Instead(string text, int start, int end, int most)
    {
        var pieces = _model.Tokenizer.Spans(text);
        int[] own =
        [
            .. Enumerable.Range(0, pieces.Count).Where(at => pieces[at].End > start && pieces[at].Start < end),
        ];
        if (own.Length == 0 || own.Length > _model.Longest)
            return [];
        var from = From(own[0], own.Length, pieces.Count);
        int[] read = [.. pieces.Skip(from).Take(_model.Longest).Select(piece => piece.Id)];
        var said = _model.Read([(read, [.. own.Select(at => at - from)])]);
        return own.Length == 1 ? [.. Likeliest(said[0], most, 0).Select(word => word.Word)] : [.. Joined(said, most)];
    }

    private (int[] Pieces, int[] Places) Hidden(WordGap gap)
    {
        var before = Ids(gap.Before.TrimEnd(' ')); // byte pairs keep a blank with what follows it, a hidden word too
        int[] all = [.. before, _model.Tokenizer.MaskId!.Value, .. Ids(gap.After)];
        var from = From(before.Length, 1, all.Length);
        return ([.. all.Skip(from).Take(_model.Longest)], [before.Length - from]);
    }

    private int[] Ids(string text) => [.. _model.Tokenizer.Spans(text).Select(piece => piece.Id)];

    /// <summary>Where what is read begins, so that as much of it lies before a place as behind it.</summary>
    private int From(int place, int length, int all) =>
        Math.Clamp(place - (_model.Longest - length) / 2, 0, Math.Max(0, all - _model.Longest));

    private List<ForetoldWord> Likeliest(float[] said, int most, double least) =>
        [
            .. _words
                .Select(id => (Id: id, Probability: Rounded(said[id])))
                .Where(word => word.Probability >= least)
                .OrderByDescending(word => word.Probability)
                .ThenBy(word => word.Id)
                .Take(most)
                .Select(word => new ForetoldWord(_model.Tokenizer.TextOf(word.Id), word.Probability)),
        ];

    /// <summary>The joins of the greatest sums: of each place the best few suffice, as a best join holds none behind them.</summary>
    private IEnumerable<string> Joined(IReadOnlyList<float[]> said, int most)
    {
        var tokenizer = _model.Tokenizer;
        List<(string Text, double Sum)> joins = [("", 0)];
        for (var place = 0; place < said.Count; place++)
        {
            var best = (place == 0 ? _words : _continuations.Value)
                .Select(id => (Id: id, Sum: Math.Round((double)said[place][id], 5)))
                .OrderByDescending(piece => piece.Sum)
                .ThenBy(piece => piece.Id)
                .Take(most)
                .ToList();
            joins =
            [
                .. joins
                    .SelectMany(join =>
                        best.Select(piece => (join.Text + tokenizer.TextOf(piece.Id), join.Sum + piece.Sum))
                    )
                    .OrderByDescending(join => join.Item2)
                    .Take(most),
            ];
        }
        return joins.Select(join => join.Text).Distinct();
    }

    /// <summary>What is behind that depends on the texts of a batch.</summary>
    private static double Rounded(float logarithm) => Math.Round(Math.Exp(logarithm), 6);
}
