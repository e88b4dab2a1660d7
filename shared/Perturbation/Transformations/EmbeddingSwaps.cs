using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Transformations;

/// <summary>The words whose vectors lie nearest stand for a word; a capital first letter stays one.</summary>
/// <param name="most">How many of the nearest are tried.</param>
/// <param name="least">The least cosine.</param>
public sealed class NearestVectorSwap(WordVectors vectors, int most, double least = -1) : WordSwap
{
    public override IEnumerable<string> Replacements(string word, SeededRandom random) =>
        vectors.Nearest(word, most, least).Select(other => WordCase.Of(word, other));
}

/// <summary>
/// The words that, by the gradient at a word, would raise the model's loss most stand for it (Ebrahimi et al. 2018,
/// arXiv:1712.06751). A word of several tokens is judged by its first; one that is cut off stays.
/// </summary>
/// <param name="most">How many words are tried in the place of each.</param>
/// <param name="least">The least cosine of the vectors of old and new word; null: any.</param>
public sealed class GradientSwap(IInputGradients model, int most, double? least = null) : ITransformation
{
    public IEnumerable<PerturbedText> Candidates(PerturbedText text, IReadOnlyList<int> words, SeededRandom random)
    {
        if (words.Count == 0)
            return [];
        var gradients = model.Gradients(text.Model);
        return words.SelectMany(index =>
        {
            var word = text.Words[index].Word;
            return WordGradients.Tokens(gradients, text.Words[index]) is [var first, ..]
                ? model.Words.Flips(word, first.Values, most, least).Select(other => Swapped(text, index, other))
                : [];
        });
    }

    private static PerturbedText Swapped(PerturbedText text, int index, string other) =>
        text.Replace(index, WordCase.Of(text.Words[index].Word, other));
}

/// <summary>What the gradients of a text's tokens say of its words.</summary>
public static class WordGradients
{
    /// <summary>How much the loss hangs on each of these words: the sum of the absolute values of its tokens' mean gradient.</summary>
    public static double[] Importance(IInputGradients model, PerturbedText text, IReadOnlyList<int> words)
    {
        var gradients = model.Gradients(text.Model);
        return
        [
            .. words.Select(word =>
            {
                var tokens = Tokens(gradients, text.Words[word]);
                if (tokens.Count == 0)
                    return 0;
                var sum = 0.0;
                for (var column = 0; column < tokens[0].Values.Length; column++)
                    sum += Math.Abs(tokens.Average(token => (double)token.Values[column]));
                return sum;
            }),
        ];
    }

    /// <summary>The tokens of a word; none where it is cut off.</summary>
    internal static IReadOnlyList<TokenGradient> Tokens(IReadOnlyList<TokenGradient> gradients, WordSpan word) =>
        [
            .. gradients.Where(one =>
                one.Column == word.Column && one.Token.End > word.Start && one.Token.Start < word.End
            ),
        ];
}
