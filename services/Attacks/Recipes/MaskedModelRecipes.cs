using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Searches;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Attacks.Recipes;

/// <summary>
/// Recipes whose words a masked language model foretells: the one given, and where the original asks Google's sentence encoder, the
/// encoder given, held to the original's bound.
/// </summary>
internal static class MaskedModelRecipes
{
    /// <summary>
    /// Garg and Ramakrishnan 2020, arXiv:2004.01970, its BAE-R: foretold words in the order of importance. Unlike the original, classes
    /// of words are WordNet's, not a tagger's.
    /// </summary>
    public static AttackRecipe Bae(RecipeResources given) =>
        new(
            "bae",
            new Untargeted(),
            new ForetoldSwap(Gaps(given, "recipe bae"), 50), // The paper's K = 50.
            [new NoRepeatedChange(), new NoStopWords(given.Lexicons.StopWords)],
            [
                new SharedWordClass(given.Lexicons.WordNet("recipe bae"), nounForVerb: true), // TextAttack's.
                // TextAttack's threshold and window_size; shorter texts pass.
                new SentenceSimilarity(given.Encoder("recipe bae"), 0.936338023, window: 15, skipsShort: true),
            ],
            new WordImportance(Importance.Delete)
        );

    /// <summary>Li et al. 2020, arXiv:2004.09984: words put together of what the model says at the pieces of each.</summary>
    public static AttackRecipe BertAttack(RecipeResources given) =>
        new(
            "bert-attack",
            new Untargeted(),
            new PieceSwap(Gaps(given, "recipe bert-attack"), 8), // The paper's K = 48 is 8 in TextAttack (its issue 586).
            [new NoRepeatedChange(), new NoStopWords(given.Lexicons.StopWords)],
            [
                MaximumWordsChanged.Share(0.4), // The paper's ε of 0.4.
                new SentenceSimilarity(given.Encoder("recipe bert-attack"), 0.2), // TextAttack's threshold.
            ],
            new WordImportance(Importance.Unknown)
        );

    /// <summary>
    /// Li et al. 2021, arXiv:2009.07502: foretold words in the place of a word, behind it, and in the place of two, greedily. Unlike the
    /// original, which merges words of some classes only, any two are merged.
    /// </summary>
    public static AttackRecipe Clare(RecipeResources given)
    {
        var gaps = Gaps(given, "recipe clare");
        return new(
            "clare",
            new Untargeted(),
            new CompositeTransformation([
                new ForetoldSwap(gaps, 50, 5e-4), // TextAttack's max_candidates and min_confidence.
                new ForetoldInsertion(gaps, 50, 0),
                new ForetoldMerge(gaps, 50, 5e-3),
            ]),
            [new NoRepeatedChange(), new NoStopWords(given.Lexicons.StopWords)],
            // The paper's 0.7; TextAttack's window_size, and shorter texts pass.
            [new SentenceSimilarity(given.Encoder("recipe clare"), 0.7, window: 15, skipsShort: true)],
            new Beam(1)
        );
    }

    private static WordGaps Gaps(RecipeResources given, string user) => new(given.MaskedModel(user));
}
