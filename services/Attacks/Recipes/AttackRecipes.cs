using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Searches;
using TransferPipeline.Contracts;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Attacks.Recipes;

/// <summary>The recipes by name; each is a sentence whose numbers come from the paper named, or from TextAttack 0.3.11.</summary>
internal static class AttackRecipes
{
    private static readonly Dictionary<string, Func<LexiconSet, AttackRecipe>> Makers = new()
    {
        ["a2t-neighbours"] = A2tNeighbours,
        ["checklist-lists"] = CheckListLists,
        ["deepwordbug"] = DeepWordBug,
        ["pruthi"] = Pruthi,
        ["pwws"] = Pwws,
        ["input-reduction"] = InputReduction,
        ["textfooler-neighbours"] = TextFoolerNeighbours,
    };

    public static IReadOnlyList<string> Names { get; } = [.. Makers.Keys.Order(StringComparer.Ordinal)];

    /// <exception cref="BadInputException">There is no such recipe, or it needs a pack that is not given.</exception>
    public static AttackRecipe Find(string name, LexiconSet lexicons) =>
        Makers.TryGetValue(name, out var make)
            ? make(lexicons)
            : throw new BadInputException($"recipe: '{name}' is not known; expected one of {string.Join(", ", Names)}");

    /// <summary>Gao et al. 2018, arXiv:1801.04354, §3: the most important words get one of four small typing errors.</summary>
    private static AttackRecipe DeepWordBug(LexiconSet lexicons)
    {
        var anywhere = new CharacterPlaces();
        return new(
            "deepwordbug",
            new Untargeted(),
            new CompositeTransformation([
                new NeighbouringCharacterSwap(anywhere),
                new CharacterSubstitution(anywhere),
                new CharacterDeletion(anywhere),
                new CharacterInsertion(anywhere),
            ]),
            [new NoRepeatedChange(), new NoStopWords(lexicons.StopWords)],
            [new MaximumEditDistance(30)], // §4.2: an edit distance of 30 for each sample.
            new WordImportance(Importance.Unknown)
        );
    }

    /// <summary>Pruthi et al. 2019, arXiv:1905.11268, §3: one typing error inside a word, of all that there are.</summary>
    private static AttackRecipe Pruthi(LexiconSet lexicons)
    {
        var inside = new CharacterPlaces(One: false, KeepFirst: true, KeepLast: true); // §3: first and last stay.
        return new(
            "pruthi",
            new Untargeted(),
            new CompositeTransformation([
                new NeighbouringCharacterSwap(inside),
                new CharacterDeletion(inside),
                new CharacterInsertion(inside),
                new AdjacentKey(inside, lexicons.Keyboard),
            ]),
            [
                new MinimumWordLength(4), // §3: words of at least four letters.
                new NoStopWords(lexicons.StopWords),
                new NoRepeatedChange(),
            ],
            [MaximumWordsChanged.Of(1)], // §5.3 attacks one and two characters; TextAttack's default is one.
            new Beam(1)
        );
    }

    /// <summary>Ren et al. 2019, ACL P19-1103: synonyms in the order of weighted saliency; names are not swapped, as in TextAttack.</summary>
    private static AttackRecipe Pwws(LexiconSet lexicons) =>
        new(
            "pwws",
            new Untargeted(),
            new WordNetSwap(lexicons.WordNet("recipe pwws")),
            [new NoRepeatedChange(), new NoStopWords(lexicons.StopWords)],
            [],
            new WordImportance(Importance.WeightedSaliency)
        );

    /// <summary>
    /// Feng et al. 2018, arXiv:1804.07781: words are left out, the least important first, while the label stays. Stop words too:
    /// TextAttack names that constraint, but applies it to no deletion.
    /// </summary>
    private static AttackRecipe InputReduction(LexiconSet _) =>
        new(
            "input-reduction",
            new InputReduction(),
            new WordDeletion(),
            [new NoRepeatedChange()],
            [],
            new WordImportance(Importance.Delete)
        );

    /// <summary>
    /// Jin et al. 2019, arXiv:1907.11932: the nearest words in the order of importance. Unlike the original it takes neighbours
    /// from a list, and neither part of speech nor a sentence encoder is looked at; with a pack of kind wordnet, opposites are
    /// refused.
    /// </summary>
    private static AttackRecipe TextFoolerNeighbours(LexiconSet lexicons) =>
        new(
            "textfooler-neighbours",
            new Untargeted(),
            new NeighbourSwap(lexicons.Neighbours("recipe textfooler-neighbours"), 50), // §3: N = 50 nearest words.
            [
                new NoRepeatedChange(),
                new NoStopWords(lexicons.StopWords),
                new OnlyColumn(1), // §4.2: a premise stays.
            ],
            Opposites(lexicons),
            new WordImportance(Importance.Delete)
        );

    /// <summary>
    /// Yoo and Qi 2021, arXiv:2109.00544, table 1: few words, each for one of its nearest. Unlike the original it takes
    /// neighbours from a list, tells importance by deletion instead of by gradient, and asks no sentence encoder.
    /// </summary>
    private static AttackRecipe A2tNeighbours(LexiconSet lexicons) =>
        new(
            "a2t-neighbours",
            new Untargeted(),
            new NeighbourSwap(lexicons.Neighbours("recipe a2t-neighbours"), 20), // Table 1: 20 nearest words.
            [new NoRepeatedChange(), new NoStopWords(lexicons.StopWords), new OnlyColumn(1)],
            [new MaximumChangeRate(0.1, 4), .. Opposites(lexicons)], // Table 1: a tenth of the words, or 4.
            new WordImportance(Importance.Delete)
        );

    /// <summary>
    /// Ribeiro et al. 2020, ACL 2020.acl-main.442, its invariance tests: contractions, names, places and numbers. Unlike the
    /// original it knows names and places by lists, not by a tagger.
    /// </summary>
    private static AttackRecipe CheckListLists(LexiconSet lexicons) =>
        new(
            "checklist-lists",
            new Untargeted(),
            new CompositeTransformation([
                new ContractionSwap(),
                new NameSwap(lexicons.Names, ["first", "last"], 5), // TextAttack's ChangeName draws 5.
                new NumberSwap(3), // TextAttack's ChangeNumber draws 3.
                new NameSwap(lexicons.Names, ["city", "country"], 3), // TextAttack's ChangeLocation draws 3.
            ]),
            [new NoRepeatedChange()],
            [],
            new Beam(1)
        );

    private static IReadOnlyList<ITextConstraint> Opposites(LexiconSet lexicons) =>
        lexicons.Find<WordNet>(LexiconKind.WordNet) is { } wordNet ? [new NoOpposites(wordNet)] : [];
}
