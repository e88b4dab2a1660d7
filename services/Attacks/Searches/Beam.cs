using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Searches;

/// <summary>
/// Goes on from the best texts so far with every word that may be changed, until one reaches the goal or no candidate is left
/// (TextAttack's <c>BeamSearch</c>; of width 1 its <c>GreedySearch</c>). The last step's best text counts, even a worse one.
/// </summary>
internal sealed class Beam(int width) : ISearch
{
    public IEnumerable<IReadOnlyList<PerturbedText>> Run(AttackSession attack)
    {
        PerturbedText[] beam = [attack.Best.Text];
        while (!attack.Best.Reached && !attack.Over)
        {
            PerturbedText[] candidates =
            [
                .. beam.SelectMany(text =>
                    attack.Recipe.Candidates(text, Enumerable.Range(0, text.Words.Count), attack.Random)
                ),
            ];
            if (candidates.Length == 0)
                yield break;
            yield return candidates;
            attack.KeepSuccess();
            var best = attack.Answers.OrderByDescending(answer => answer.Score).Take(width).ToList();
            if (best.Count == 0)
                yield break;
            attack.Best = best[0];
            beam = [.. best.Select(answer => answer.Text)];
        }
    }
}
