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
        ["deepwordbug"] = DeepWordBug,
        ["pruthi"] = Pruthi,
        ["pwws"] = Pwws,
        ["input-reduction"] = InputReduction,
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

    /// <summary>Feng et al. 2018, arXiv:1804.07781: words go, the least important last looked at first, while the label stays.</summary>
    private static AttackRecipe InputReduction(LexiconSet lexicons) =>
        new(
            "input-reduction",
            new InputReduction(),
            new WordDeletion(),
            [new NoRepeatedChange(), new NoStopWords(lexicons.StopWords)],
            [],
            new WordImportance(Importance.Delete)
        );
}
