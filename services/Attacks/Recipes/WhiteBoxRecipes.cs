using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Searches;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Attacks.Recipes;

/// <summary>Recipes that follow the gradients of the model they attack.</summary>
internal static class WhiteBoxRecipes
{
    /// <summary>
    /// Ebrahimi et al. 2018, arXiv:1712.06751: words are flipped for those that the gradient calls worst, to be found by a beam. Unlike
    /// TextAttack's recipe it takes the best flip of each word, compares the model's own word vectors, and classes of words are
    /// WordNet's, not a tagger's.
    /// </summary>
    public static AttackRecipe HotFlip(RecipeResources given) =>
        new(
            "hotflip",
            new Untargeted(),
            new GradientSwap(given.Gradients("recipe hotflip"), 1, 0.8), // The paper's cosine of 0.8.
            [new NoRepeatedChange(), new NoStopWords(given.Lexicons.StopWords)],
            [
                MaximumWordsChanged.Of(2), // TextAttack's max_num_words.
                new SharedWordClass(given.Lexicons.WordNet("recipe hotflip"), nounForVerb: false),
            ],
            new Beam(10) // TextAttack's beam_width.
        );

    /// <summary>
    /// Yoo and Qi 2021, arXiv:2109.00544, table 1: few words, the most important by the gradient first, each for one of its nearest.
    /// Unlike the original the neighbours come from a list, and classes of words are WordNet's, not a tagger's.
    /// </summary>
    public static AttackRecipe A2tGradientNeighbours(RecipeResources given)
    {
        const string name = "a2t-gradient-neighbours";
        // Table 1: 20 nearest words.
        return A2t(name, new NeighbourSwap(given.Lexicons.Neighbours($"recipe {name}"), 20), given);
    }

    /// <summary>The same with the words that a masked language model foretells (A2T-MLM); classes of words are WordNet's.</summary>
    public static AttackRecipe A2tMlm(RecipeResources given)
    {
        const string name = "a2t-mlm";
        return A2t(name, new ForetoldSwap(new WordGaps(given.MaskedModel($"recipe {name}")), 20), given);
    }

    private static AttackRecipe A2t(string name, ITransformation swap, RecipeResources given) =>
        new(
            name,
            new Untargeted(),
            swap,
            [new NoRepeatedChange(), new NoStopWords(given.Lexicons.StopWords), new OnlyColumn(1)],
            [
                new MaximumChangeRate(0.1, 4), // Table 1: a tenth of the words, or 4.
                new SharedWordClass(given.Lexicons.WordNet($"recipe {name}"), nounForVerb: false),
                new SentenceSimilarity(given.Encoder($"recipe {name}"), 0.9), // Table 1: a cosine of 0.9.
            ],
            new WordImportance(Importance.Gradient, given.Gradients($"recipe {name}"))
        );
}
