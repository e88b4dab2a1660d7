namespace TransferPipeline.Perturbation.Lexicons;

/// <summary>
/// Words and their senses. It finds the senses of inflected words as NLTK's reader does, which TextAttack uses: by lists of
/// exceptions, else by taking one ending off.
/// </summary>
public sealed class WordNet : ILexicon
{
    /// <summary>Nouns, verbs, adjectives and adverbs, in the order in which senses are listed.</summary>
    internal const string Classes = "nvar";

    private static readonly (string Ending, string Instead)[][] Endings =
    [
        [
            ("s", ""),
            ("ses", "s"),
            ("ves", "f"),
            ("xes", "x"),
            ("zes", "z"),
            ("ches", "ch"),
            ("shes", "sh"),
            ("men", "man"),
            ("ies", "y"),
        ],
        [("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")],
        [("er", ""), ("est", ""), ("er", "e"), ("est", "e")],
        [],
    ];

    private readonly WordClass[] _classes = [.. Classes.Select(_ => new WordClass())];

    internal WordNet() { }

    public LexiconKind Kind => LexiconKind.WordNet;

    public int Count => _classes.Sum(one => one.Senses.Count);

    /// <summary>The senses of a word, each as the words that have it; by class, then by how common they are.</summary>
    public IEnumerable<IReadOnlyList<string>> Senses(string word)
    {
        word = word.ToLowerInvariant();
        for (var at = 0; at < _classes.Length; at++)
            foreach (var form in Forms(word, at))
            foreach (var sense in _classes[at].Senses[form])
                yield return _classes[at].Words[sense];
    }

    /// <summary>Whether two words are opposites in one of their senses.</summary>
    public bool AreOpposite(string word, string other)
    {
        (word, other) = (word.ToLowerInvariant(), other.ToLowerInvariant());
        for (var at = 0; at < _classes.Length; at++)
            foreach (var form in Forms(word, at))
            foreach (var otherForm in Forms(other, at))
                if (_classes[at].Opposites.Contains((form, otherForm)))
                    return true;
        return false;
    }

    /// <summary>Whether a word, or one that it is a form of, is known as such.</summary>
    /// <param name="wordClass"><c>n</c>, <c>v</c>, <c>a</c> or <c>r</c>.</param>
    public bool CanBe(string word, char wordClass) =>
        Forms(word.ToLowerInvariant(), Classes.IndexOf(wordClass)).Count > 0;

    public IEnumerable<string> Lines()
    {
        for (var at = 0; at < _classes.Length; at++)
        {
            var (letter, one) = (Classes[at], _classes[at]);
            foreach (var (offset, words) in one.Words.OrderBy(sense => sense.Key))
                yield return $"s\t{letter}\t{offset}\t{string.Join('\t', words)}";
            foreach (var (word, senses) in one.Senses.OrderBy(word => word.Key, StringComparer.Ordinal))
                yield return $"i\t{letter}\t{word}\t{string.Join('\t', senses)}";
            foreach (var (form, words) in one.Exceptions.OrderBy(form => form.Key, StringComparer.Ordinal))
                yield return $"x\t{letter}\t{form}\t{string.Join('\t', words)}";
            foreach (var (word, other) in one.Opposites.Order())
                yield return $"o\t{letter}\t{word}\t{other}";
        }
    }

    internal static WordNet Of(IReadOnlyList<LexiconLine> lines)
    {
        var wordNet = new WordNet();
        foreach (var line in lines)
            wordNet.Add(line);
        return wordNet;
    }

    internal WordClass Class(char letter) => _classes[Classes.IndexOf(letter)];

    private void Add(LexiconLine line)
    {
        if (line.Fields is not [var what, [var letter], var word, _, ..] || !Classes.Contains(letter))
            throw line.Fault("is no line of a pack of kind wordnet");
        var one = Class(letter);
        switch (what)
        {
            case "s" when int.TryParse(word, out var offset):
                one.Words[offset] = line.Fields[3..];
                break;
            case "i"
                when line.Fields.Skip(3).All(offset => int.TryParse(offset, out var at) && one.Words.ContainsKey(at)):
                one.Senses[word] = [.. line.Fields.Skip(3).Select(int.Parse)];
                break;
            case "x":
                one.Exceptions[word] = line.Fields[3..];
                break;
            case "o":
                one.Opposites.Add((word, line.Fields[3]));
                break;
            default:
                throw line.Fault("is no line of a pack of kind wordnet");
        }
    }

    private List<string> Forms(string word, int at)
    {
        var one = _classes[at];
        if (one.Exceptions.TryGetValue(word, out var exceptional))
            return Known([word, .. exceptional]);
        return Known(
            Endings[at]
                .Where(rule => word.EndsWith(rule.Ending, StringComparison.Ordinal))
                .Select(rule => string.Concat(word.AsSpan(0, word.Length - rule.Ending.Length), rule.Instead))
                .Prepend(word)
        );

        List<string> Known(IEnumerable<string> some) => [.. some.Where(one.Senses.ContainsKey).Distinct()];
    }

    /// <summary>Nouns, or verbs, or adjectives, or adverbs.</summary>
    internal sealed class WordClass
    {
        /// <summary>The words of each sense.</summary>
        public Dictionary<int, string[]> Words { get; } = [];

        /// <summary>The senses of each word in lower case.</summary>
        public Dictionary<string, int[]> Senses { get; } = [];

        /// <summary>The words that irregular forms belong to.</summary>
        public Dictionary<string, string[]> Exceptions { get; } = [];

        /// <summary>Words of opposite sense, in lower case, both ways.</summary>
        public HashSet<(string, string)> Opposites { get; } = [];
    }
}
