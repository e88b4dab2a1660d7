using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Searches;

/// <summary>
/// Noise, no search: of a share of the words, drawn, each becomes one of its candidates, drawn, and the model is asked about the
/// text once. What a search finds beyond that it owes to searching.
/// </summary>
/// <param name="rate">Of n words max(1, rate · n) are changed, fewer where candidates are lacking.</param>
internal sealed class AtRate(double rate) : ISearch
{
    public IEnumerable<IReadOnlyList<PerturbedText>> Run(AttackSession attack)
    {
        var text = attack.Best.Text;
        var words = attack.Recipe.Words(text).ToArray();
        attack.Random.Shuffle<int>(words);
        var left = Math.Max(1, (int)(rate * text.Words.Count));
        foreach (var word in words)
        {
            var candidates = text.PlaceOf(word) is >= 0 and var place
                ? attack.Recipe.Candidates(text, [place], attack.Random)
                : [];
            if (candidates.Count == 0)
                continue;
            text = candidates[attack.Random.Next(candidates.Count)];
            if (--left == 0)
                break;
        }
        if (attack.Over || text == attack.Best.Text)
            yield break;
        yield return [text];
        attack.Best = attack.Answers[0];
    }
}
