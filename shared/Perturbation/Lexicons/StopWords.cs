namespace TransferPipeline.Perturbation.Lexicons;

/// <summary>Words that carry little of a text's meaning.</summary>
public sealed class StopWords : ILexicon
{
    private readonly HashSet<string> _words;

    private StopWords(IEnumerable<string> words) => _words = [.. words];

    public LexiconKind Kind => LexiconKind.StopWords;

    public int Count => _words.Count;

    /// <summary>Whether the word stands in the list, in lower case.</summary>
    public bool Contains(string word) =>
        // Most words are in lower case already, and this is asked of every word of a dataset.
        _words.Contains(word.AsSpan().ContainsAnyExceptInRange('a', 'z') ? word.ToLowerInvariant() : word);

    /// <summary>Whether the word stands in the list as it is written, so that a capital letter makes it another word.</summary>
    public bool ContainsAsWritten(string word) => _words.Contains(word);

    public IEnumerable<string> Lines() => _words.Order(StringComparer.Ordinal);

    internal static StopWords Of(IReadOnlyList<LexiconLine> lines) =>
        new(
            lines.Select(line =>
                line.Fields is [var word] && !word.Any(char.IsWhiteSpace)
                    ? word
                    : throw line.Fault("is not one word; expected a word on each line")
            )
        );
}
