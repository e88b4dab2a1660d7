namespace TransferPipeline.Perturbation.Lexicons;

/// <summary>Names of people and places that may stand for each other.</summary>
public sealed class NameLists : ILexicon
{
    /// <summary>What a name can be.</summary>
    public static IReadOnlyList<string> Categories { get; } = ["first", "last", "city", "country"];

    private readonly Dictionary<string, List<string>> _names = Categories.ToDictionary(
        category => category,
        _ => new List<string>()
    );

    private NameLists() { }

    public LexiconKind Kind => LexiconKind.Names;

    public int Count => _names.Values.Sum(names => names.Count);

    /// <summary>The names of a category, in their order.</summary>
    public IReadOnlyList<string> Of(string category) => _names[category];

    public IEnumerable<string> Lines() =>
        Categories.SelectMany(category => _names[category].Select(name => $"{category}\t{name}"));

    internal static NameLists Of(IReadOnlyList<LexiconLine> lines)
    {
        var lists = new NameLists();
        foreach (var line in lines)
            if (
                line.Fields is [var category, { Length: > 0 } name]
                && lists._names.TryGetValue(category, out var names)
            )
                names.Add(name);
            else
                throw line.Fault("is no name; expected first, last, city or country, a tab and a name");
        return lists;
    }
}
