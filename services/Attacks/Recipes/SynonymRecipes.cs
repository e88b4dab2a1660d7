using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Searches;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Attacks.Recipes;

/// <summary>
/// Recipes that put synonyms in the place of words. Those named after neighbours take the list of a pack where the original takes
/// counter-fitted vectors.
/// </summary>
internal static class SynonymRecipes
{
    /// <summary>Ren et al. 2019, ACL P19-1103: synonyms in the order of weighted saliency; names are not swapped, as in TextAttack.</summary>
    public static AttackRecipe Pwws(RecipeResources given) =>
        new(
            "pwws",
            new Untargeted(),
            new WordNetSwap(given.Lexicons.WordNet("recipe pwws")),
            [new NoRepeatedChange(), new NoStopWords(given.Lexicons.StopWords)],
            [],
            new WordImportance(Importance.WeightedSaliency)
        );

    /// <summary>
    /// Jin et al. 2019, arXiv:1907.11932: the nearest words in the order of importance. Unlike the original it takes neighbours
    /// from a list, and neither part of speech nor a sentence encoder is looked at; with a pack of kind wordnet, opposites are
    /// refused.
    /// </summary>
    public static AttackRecipe TextFoolerNeighbours(RecipeResources given) =>
        new(
            "textfooler-neighbours",
            new Untargeted(),
            new NeighbourSwap(given.Lexicons.Neighbours("recipe textfooler-neighbours"), 50), // §3: N = 50 nearest words.
            [
                new NoRepeatedChange(),
                new NoStopWords(given.Lexicons.StopWords),
                new OnlyColumn(1), // §4.2: a premise stays.
            ],
            Opposites(given),
            new WordImportance(Importance.Delete)
        );

    /// <summary>
    /// Yoo and Qi 2021, arXiv:2109.00544, table 1: few words, each for one of its nearest. Unlike the original it takes
    /// neighbours from a list, tells importance by deletion instead of by gradient, and asks no sentence encoder.
    /// </summary>
    public static AttackRecipe A2tNeighbours(RecipeResources given) =>
        new(
            "a2t-neighbours",
            new Untargeted(),
            new NeighbourSwap(given.Lexicons.Neighbours("recipe a2t-neighbours"), 20), // Table 1: 20 nearest words.
            [new NoRepeatedChange(), new NoStopWords(given.Lexicons.StopWords), new OnlyColumn(1)],
            [new MaximumChangeRate(0.1, 4), .. Opposites(given)], // Table 1: a tenth of the words, or 4.
            new WordImportance(Importance.Delete)
        );

    /// <summary>
    /// Li et al. 2019, arXiv:1812.05271: four small typing errors and the nearest words, in the order of importance. Unlike the
    /// original the neighbours come from a list, and the sentence encoder is the one given.
    /// </summary>
    public static AttackRecipe TextBuggerNeighbours(RecipeResources given)
    {
        const string name = "textbugger-neighbours";
        var inside = new CharacterPlaces(KeepFirst: true, KeepLast: true); // TextAttack's.
        return new(
            name,
            new Untargeted(),
            new CompositeTransformation([
                new SpaceInsertion(inside),
                new CharacterDeletion(inside),
                new NeighbouringCharacterSwap(inside),
                new HomoglyphSwap(new(One: false)),
                new NeighbourSwap(given.Lexicons.Neighbours($"recipe {name}"), 5), // The paper's 5 nearest words.
            ]),
            [new NoRepeatedChange(), new NoStopWords(given.Lexicons.StopWords)],
            [new SentenceSimilarity(given.Encoder($"recipe {name}"), 0.8)], // The paper's ε.
            new WordImportance(Importance.Delete)
        );
    }

    /// <summary>
    /// Wang et al. 2019, arXiv:1909.06723: the improved genetic algorithm. Unlike the original the neighbours come from a list, so
    /// that no distance between vectors is looked at.
    /// </summary>
    public static AttackRecipe IgaNeighbours(RecipeResources given) =>
        new(
            "iga-neighbours",
            new Untargeted(),
            new NeighbourSwap(given.Lexicons.Neighbours("recipe iga-neighbours"), 50), // TextAttack's max_candidates.
            [new NoStopWords(given.Lexicons.StopWords)],
            [MaximumWordsChanged.Share(0.2)], // TextAttack's max_percent.
            new Genetic(population: 60, iterations: 20, replacements: 5) // TextAttack's, after the authors' code.
        );

    /// <summary>
    /// Jia et al. 2019, arXiv:1909.00986: Alzantot's genetic algorithm with a language model that looks at a few words. Unlike the
    /// original the neighbours come from a list, and the language model is the one given.
    /// </summary>
    public static AttackRecipe FasterAlzantotNeighbours(RecipeResources given)
    {
        const string user = "recipe faster-alzantot-neighbours";
        return new(
            "faster-alzantot-neighbours",
            new Untargeted(),
            new NeighbourSwap(given.Lexicons.Neighbours(user), 8), // TextAttack's max_candidates.
            [new NoRepeatedChange(), new NoStopWords(given.Lexicons.StopWords), new OnlyColumn(1)],
            [
                MaximumWordsChanged.Share(0.2), // TextAttack's max_percent.
                new MaximumSurprise(given.LanguageModel(user), 5, window: 6), // TextAttack's max_log_prob_diff and window_size.
            ],
            new Genetic(population: 60, iterations: 40) // TextAttack's pop_size and max_iters.
        );
    }

    /// <summary>
    /// Kuleshov et al. 2018, OpenReview r1QZ3zbAZ: greedily the nearest words until the model is no longer sure of the label. Unlike
    /// the original the neighbours come from a list, the mean of word vectors is not looked at, and the language model is the one given.
    /// </summary>
    public static AttackRecipe KuleshovNeighbours(RecipeResources given)
    {
        const string user = "recipe kuleshov-neighbours";
        return new(
            "kuleshov-neighbours",
            new LowerScore(0.7), // TextAttack's target_max_score.
            new NeighbourSwap(given.Lexicons.Neighbours(user), 15), // TextAttack's max_candidates.
            [new NoRepeatedChange(), new NoStopWords(given.Lexicons.StopWords)],
            [
                MaximumWordsChanged.Share(0.5), // TextAttack's max_percent.
                new MaximumSurprise(given.LanguageModel(user), 2), // TextAttack's max_log_prob_diff.
            ],
            new Beam(1)
        );
    }

    internal static IReadOnlyList<ITextConstraint> Opposites(RecipeResources given) =>
        given.Lexicons.Find<WordNet>(LexiconKind.WordNet) is { } wordNet ? [new NoOpposites(wordNet)] : [];
}
