namespace TransferPipeline.Modelling.Tokenization;

/// <summary>A sentence of words as a model reads it.</summary>
/// <param name="FirstTokens">For each word the place of its first token in the sequence; -1 where it has none.</param>
/// <param name="CutOff">Words that were cut off, as the sentence is longer than the model reads.</param>
public sealed record WordTokens(TokenSequence Tokens, IReadOnlyList<int> FirstTokens, int CutOff)
{
    /// <summary>Encodes words with a space between two; what is too much is cut from the right.</summary>
    public static WordTokens Of(ITokenizer tokenizer, IReadOnlyList<string> words, int maxTokens)
    {
        var all = tokenizer.Spans(string.Join(' ', words));
        var spans = all.Take(maxTokens - tokenizer.SpecialCount(pair: false)).ToList();
        var first = new int[words.Count];
        Array.Fill(first, -1);
        var next = 0;
        var start = 0;
        for (var word = 0; word < words.Count; word++)
        {
            var end = start + words[word].Length;
            // A byte-level token may hold the space before its word, and nothing else: its end says where it belongs.
            while (next < spans.Count && spans[next].End < start)
                next++;
            if (next < spans.Count && spans[next].End <= end)
                first[word] = tokenizer.SpecialBefore + next;
            start = end + 1;
        }
        var lastRead = spans.Count == all.Count ? words.Count : first.AsSpan().LastIndexOfAnyExcept(-1) + 1;
        return new(tokenizer.Wrap([.. spans.Select(span => span.Id)]), first, words.Count - lastRead);
    }
}
