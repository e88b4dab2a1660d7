using TransferPipeline.Contracts;

namespace TransferPipeline.Perturbation.Lexicons;

/// <summary>The resources that an attack or a rewriting may use: the given packs, else what is built in.</summary>
public sealed class LexiconSet
{
    private readonly Dictionary<LexiconKind, ILexicon> _given;

    /// <exception cref="BadInputException">Two packs are of one kind.</exception>
    public LexiconSet(IEnumerable<ILexicon> given)
    {
        var groups = given.GroupBy(lexicon => lexicon.Kind).ToList();
        if (groups.Find(group => group.Count() > 1) is { } twice)
            throw new BadInputException(
                $"lexicons: two packs of kind {LexiconKinds.NameOf(twice.Key)}; expected one of each kind"
            );
        _given = groups.ToDictionary(group => group.Key, group => group.First());
    }

    /// <summary>Only what is built in.</summary>
    public static LexiconSet BuiltIn { get; } = new([]);

    /// <summary>The packs in these files.</summary>
    public static LexiconSet Open(IEnumerable<string> paths) => new(paths.Select(LexiconPack.Open));

    public StopWords StopWords => Find<StopWords>(LexiconKind.StopWords) ?? BuiltInLists.StopWords;
    public Keyboard Keyboard => Find<Keyboard>(LexiconKind.Keyboard) ?? Keyboard.Qwerty;
    public NameLists Names => Find<NameLists>(LexiconKind.Names) ?? BuiltInLists.Names;

    /// <summary>The given WordNet.</summary>
    /// <param name="user">Who needs it, for the message where none is given.</param>
    /// <exception cref="BadInputException">None is given.</exception>
    public WordNet WordNet(string user) => Require<WordNet>(LexiconKind.WordNet, user);

    /// <summary>The given lists of neighbours.</summary>
    /// <param name="user">Who needs them, for the message where none are given.</param>
    /// <exception cref="BadInputException">None are given.</exception>
    public NeighbourLists Neighbours(string user) => Require<NeighbourLists>(LexiconKind.Neighbours, user);

    /// <summary>The given pack of a kind, or null.</summary>
    public T? Find<T>(LexiconKind kind)
        where T : class, ILexicon => _given.GetValueOrDefault(kind) as T;

    private T Require<T>(LexiconKind kind, string user)
        where T : class, ILexicon => Find<T>(kind) ?? throw new BadInputException(Missing(kind, user));

    /// <summary>What is said where a pack is missing.</summary>
    public static string Missing(LexiconKind kind, string user) =>
        $"lexicons: {user} needs a pack of kind {LexiconKinds.NameOf(kind)}; "
        + $"make one with `transfer lexicons import {LexiconKinds.NameOf(kind)} PATH`, where PATH is {LexiconKinds.SourceOf(kind)}";
}
