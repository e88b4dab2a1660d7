namespace TransferPipeline.Modelling.Tokenization;

/// <summary>Tokens that stand for themselves where they are written out in a text.</summary>
/// <param name="blanksBefore">A token that takes the blanks before it along, as Transformers has it for RoBERTa's mask.</param>
internal sealed class SpecialTokens(IEnumerable<(string Token, int Id)> tokens, string? blanksBefore = null)
{
    private readonly (string Token, int Id)[] _tokens = [.. tokens.Distinct()];

    public IReadOnlySet<int> Ids => _tokens.Select(special => special.Id).ToHashSet();

    /// <summary>The ids of a text: its special tokens' own, and between them those of its pieces.</summary>
    public List<int> Encode(string text, Action<List<int>, ReadOnlySpan<char>> appendPieces)
    {
        var ids = new List<int>(text.Length / 3 + 2);
        Walk(text, (from, to) => appendPieces(ids, text.AsSpan(from, to - from)), special => ids.Add(special.Id));
        return ids;
    }

    /// <summary>The same with the place of each piece.</summary>
    /// <param name="appendPieces">Given where its part of the text begins, which its own places count from.</param>
    public List<TokenSpan> Spans(string text, Action<List<TokenSpan>, int, ReadOnlySpan<char>> appendPieces)
    {
        var spans = new List<TokenSpan>(text.Length / 3 + 2);
        Walk(text, (from, to) => appendPieces(spans, from, text.AsSpan(from, to - from)), spans.Add);
        return spans;
    }

    private void Walk(string text, Action<int, int> between, Action<TokenSpan> special)
    {
        var start = 0;
        while (First(text.AsSpan(start)) is var (at, length, id))
        {
            between(start, start + at);
            special(new(id, start + at, start + at + length));
            start += at + length;
        }
        between(start, text.Length);
    }

    /// <summary>The first one in a text, with the blanks that it takes.</summary>
    private (int At, int Length, int Id)? First(ReadOnlySpan<char> text)
    {
        (int At, int Length, int Id)? first = null;
        var before = text.Length;
        foreach (var (token, id) in _tokens)
            if (text[..before].IndexOf(token, StringComparison.Ordinal) is var at and >= 0)
            {
                var start = token == blanksBefore ? text[..at].TrimEnd().Length : at;
                first = (start, at + token.Length - start, id);
                before = at;
            }
        return first;
    }
}
