using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Texts;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Attacks.Searches;

/// <summary>How the importance of words is told.</summary>
internal enum Importance
{
    /// <summary>The score without the word.</summary>
    Delete,

    /// <summary>The score with an unknown word in its place.</summary>
    Unknown,

    /// <summary>The softmax of the latter, times the best score that any of the word's candidates reaches.</summary>
    WeightedSaliency,

    /// <summary>Drawn.</summary>
    Random,

    /// <summary>The size of the loss's gradient at the word (Yoo and Qi 2021, arXiv:2109.00544).</summary>
    Gradient,
}

/// <summary>
/// Ranks the words once, then changes one after the other, each for the candidate of the highest score, as long as scores rise
/// (TextAttack's <c>GreedyWordSwapWIR</c>). A word is found again by its place in the text as it then is.
/// </summary>
/// <param name="gradients">Where gradients tell importance; no query is counted for them, as in TextAttack.</param>
internal sealed class WordImportance(Importance importance, IInputGradients? gradients = null) : ISearch
{
    private const string UnknownWord = "[UNK]";

    public IEnumerable<IReadOnlyList<PerturbedText>> Run(AttackSession attack)
    {
        var original = attack.Best.Text;
        var words = attack.Recipe.Words(original);
        var scores = new double[words.Count];
        if (importance is Importance.Random)
            for (var word = 0; word < words.Count; word++)
                scores[word] = attack.Random.Next() >> 11;
        else if (importance is Importance.Gradient)
            scores = Array.ConvertAll(
                WordGradients.Importance(gradients!, original, words),
                score => Math.Round(score, 6)
            );
        else if (words.Count > 0)
        {
            yield return
            [
                .. words.Select(word =>
                    importance is Importance.Delete ? original.Delete(word) : original.Replace(word, UnknownWord)
                ),
            ];
            for (var word = 0; word < attack.Answers.Count; word++)
                scores[word] = attack.Answers[word].Score;
        }
        if (importance is Importance.WeightedSaliency && words.Count > 0)
        {
            // All words at once, as none of these answers ends the search.
            var candidates = words.Select(word => attack.Recipe.Candidates(original, [word], attack.Random)).ToArray();
            if (!attack.Over && candidates.Any(some => some.Count > 0))
            {
                yield return [.. candidates.SelectMany(some => some)];
                scores = Weighted(scores, candidates, attack.Answers);
            }
        }

        foreach (var word in Enumerable.Range(0, words.Count).OrderByDescending(word => scores[word]))
        {
            if (attack.Over)
                yield break;
            var candidates = attack.Recipe.Candidates(attack.Best.Text, [words[word]], attack.Random);
            if (candidates.Count == 0)
                continue;
            yield return candidates;
            if (attack.Answers.MaxBy(answer => answer.Score) is { } best && best.Score > attack.Best.Score)
                attack.Best = best;
            attack.KeepSuccess();
            if (attack.Best.Reached)
                yield break;
        }
    }

    private static double[] Weighted(
        double[] saliency,
        IReadOnlyList<PerturbedText>[] candidates,
        IReadOnlyList<JudgedText> answers
    )
    {
        var powers = Array.ConvertAll(saliency, score => Math.Exp(score - saliency.Max()));
        var sum = powers.Sum();
        var weighted = new double[saliency.Length];
        var next = 0;
        for (var word = 0; word < weighted.Length; word++)
        {
            var own = answers.Skip(next).Take(candidates[word].Count).ToList();
            next += candidates[word].Count;
            weighted[word] = own.Count == 0 ? 0 : powers[word] / sum * own.Max(answer => answer.Score);
        }
        return weighted;
    }
}
