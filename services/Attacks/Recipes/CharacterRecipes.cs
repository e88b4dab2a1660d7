using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Searches;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Attacks.Recipes;

/// <summary>Recipes that change characters, or leave words out.</summary>
internal static class CharacterRecipes
{
    /// <summary>Gao et al. 2018, arXiv:1801.04354, §3: the most important words get one of four small typing errors.</summary>
    public static AttackRecipe DeepWordBug(RecipeResources given)
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
            [new NoRepeatedChange(), new NoStopWords(given.Lexicons.StopWords)],
            [new MaximumEditDistance(30)], // §4.2: an edit distance of 30 for each sample.
            new WordImportance(Importance.Unknown)
        );
    }

    /// <summary>Pruthi et al. 2019, arXiv:1905.11268, §3: one typing error inside a word, of all that there are.</summary>
    public static AttackRecipe Pruthi(RecipeResources given)
    {
        var inside = new CharacterPlaces(One: false, KeepFirst: true, KeepLast: true); // §3: first and last stay.
        return new(
            "pruthi",
            new Untargeted(),
            new CompositeTransformation([
                new NeighbouringCharacterSwap(inside),
                new CharacterDeletion(inside),
                new CharacterInsertion(inside),
                new AdjacentKey(inside, given.Lexicons.Keyboard),
            ]),
            [
                new MinimumWordLength(4), // §3: words of at least four letters.
                new NoStopWords(given.Lexicons.StopWords),
                new NoRepeatedChange(),
            ],
            [MaximumWordsChanged.Of(1)], // §5.3 attacks one and two characters; TextAttack's default is one.
            new Beam(1)
        );
    }

    /// <summary>
    /// Feng et al. 2018, arXiv:1804.07781: words are left out, the least important first, while the label stays. Stop words too:
    /// TextAttack names that constraint, but applies it to no deletion.
    /// </summary>
    public static AttackRecipe InputReduction(RecipeResources _) =>
        new(
            "input-reduction",
            new InputReduction(),
            new WordDeletion(),
            [new NoRepeatedChange()],
            [],
            new WordImportance(Importance.Delete)
        );

    /// <summary>
    /// Boucher et al. 2022, arXiv:2106.09898: up to five changes that a reader does not see, found by differential evolution. The
    /// paper takes one kind of change at a time, here all four are tried together; a kind alone can be written as parts.
    /// </summary>
    public static AttackRecipe BadCharacters(RecipeResources _)
    {
        var everywhere = new CharacterPlaces(One: false);
        return new(
            "bad-characters",
            new Untargeted(),
            new CompositeTransformation([
                new InvisibleInsertion(everywhere),
                new HomoglyphSwap(everywhere),
                new InvisibleReordering(everywhere),
                new ErasedInsertion(everywhere),
            ]),
            [],
            [],
            // The paper's budgets end at 5 changes; 32 texts and 10 generations are TextAttack's popsize and maxiter.
            new DifferentialEvolution(population: 32, iterations: 10, changes: 5)
        );
    }

    /// <summary>
    /// Ribeiro et al. 2020, ACL 2020.acl-main.442, its invariance tests: contractions, names, places and numbers. Unlike the
    /// original it knows names and places by lists, not by a tagger.
    /// </summary>
    public static AttackRecipe CheckListLists(RecipeResources given) =>
        new(
            "checklist-lists",
            new Untargeted(),
            new CompositeTransformation([
                new ContractionSwap(),
                new NameSwap(given.Lexicons.Names, ["first", "last"], 5), // TextAttack's ChangeName draws 5.
                new NumberSwap(3), // TextAttack's ChangeNumber draws 3.
                new NameSwap(given.Lexicons.Names, ["city", "country"], 3), // TextAttack's ChangeLocation draws 3.
            ]),
            [new NoRepeatedChange()],
            [],
            new Beam(1)
        );
}
