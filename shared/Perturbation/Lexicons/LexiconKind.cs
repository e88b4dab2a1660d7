using TransferPipeline.Contracts;

namespace TransferPipeline.Perturbation.Lexicons;

/// <summary>What a pack of words is for.</summary>
public enum LexiconKind
{
    WordNet,
    Neighbours,
    StopWords,
    Names,
    Keyboard,
}

/// <summary>How the kinds are called, and where their packs come from.</summary>
public static class LexiconKinds
{
    private static readonly (LexiconKind Kind, string Name, string Source)[] All =
    [
        (
            LexiconKind.WordNet,
            "wordnet",
            "a WordNet 3.x dictionary folder (index.* and data.*), /usr/share/wordnet of Debian's wordnet-base for example"
        ),
        (
            LexiconKind.Neighbours,
            "neighbours",
            "a JSON object of a list of neighbours, the nearest first, for each word"
        ),
        (LexiconKind.StopWords, "stop-words", "a text file with a word on each line"),
        (
            LexiconKind.Names,
            "names",
            "a text file with a category (first, last, city or country), a tab and a name on each line"
        ),
        (LexiconKind.Keyboard, "keyboard", "a JSON object of a list of neighbouring keys for each key"),
    ];

    /// <summary>The names of all kinds.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(one => one.Name)];

    /// <summary>The kind of that name.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static LexiconKind Parse(string name) =>
        All.Any(one => one.Name == name)
            ? All.First(one => one.Name == name).Kind
            : throw new BadInputException($"'{name}' is no kind of lexicon; expected {string.Join(", ", Names)}");

    /// <summary>The name of a kind.</summary>
    public static string NameOf(LexiconKind kind) => All.First(one => one.Kind == kind).Name;

    /// <summary>What such a pack is imported from.</summary>
    public static string SourceOf(LexiconKind kind) => All.First(one => one.Kind == kind).Source;
}
