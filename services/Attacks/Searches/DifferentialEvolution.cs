using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Searches;

/// <summary>
/// Differential evolution (Storn and Price 1997, best/1/bin as SciPy has it) of a few changes, each two numbers: which word is
/// changed, and which of its candidates it becomes. A number beyond the words changes nothing.
/// </summary>
internal sealed class DifferentialEvolution(int population, int iterations, int changes) : ISearch
{
    private const double Recombined = 0.7; // SciPy's recombination.
    private const double LeastFactor = 0.5; // SciPy's mutation: drawn for each generation from 0.5 to 1.

    public IEnumerable<IReadOnlyList<PerturbedText>> Run(AttackSession attack)
    {
        var known = new Dictionary<(string, int), IReadOnlyList<PerturbedText>>();
        var original = attack.Best.Text;
        var genes = Enumerable.Range(0, population).Select(_ => Drawn(attack.Random)).ToArray();
        yield return [.. genes.Select(one => Apply(one, original, attack, known))];
        attack.KeepSuccess();
        var answers = attack.Answers.ToArray();
        for (var iteration = 0; ; iteration++)
        {
            if (answers.Length > 0)
                attack.KeepBest(Population.Best(answers));
            // A budget that ran out left fewer answers than there are texts.
            if (iteration == iterations || attack.Over || attack.Best.Reached || answers.Length < population)
                yield break;
            var trials = Trials(genes, Array.IndexOf(answers, Population.Best(answers)), attack.Random);
            yield return [.. trials.Select(one => Apply(one, original, attack, known))];
            attack.KeepSuccess();
            for (var at = 0; at < attack.Answers.Count; at++)
                if (attack.Answers[at].Score >= answers[at].Score)
                    (genes[at], answers[at]) = (trials[at], attack.Answers[at]);
        }
    }

    private double[] Drawn(SeededRandom random) =>
        [.. Enumerable.Range(0, 2 * changes).Select(_ => random.NextDouble())];

    private double[][] Trials(double[][] genes, int best, SeededRandom random)
    {
        var factor = LeastFactor + (1 - LeastFactor) * random.NextDouble();
        var trials = new double[genes.Length][];
        for (var at = 0; at < genes.Length; at++)
        {
            int[] others = [.. Enumerable.Range(0, genes.Length).Where(other => other != at)];
            random.Shuffle<int>(others);
            // Of a population of fewer than three a text is its own partner.
            var (one, other) = (genes[others.ElementAtOrDefault(0)], genes[others.ElementAtOrDefault(1)]);
            var sure = random.Next(2 * changes);
            var trial = (double[])genes[at].Clone();
            for (var gene = 0; gene < trial.Length; gene++)
            {
                if (random.NextDouble() >= Recombined && gene != sure)
                    continue;
                var value = genes[best][gene] + factor * (one[gene] - other[gene]);
                trial[gene] = value is >= 0 and < 1 ? value : random.NextDouble();
            }
            trials[at] = trial;
        }
        return trials;
    }

    /// <param name="known">Candidates of a text's words that were made before.</param>
    private static PerturbedText Apply(
        double[] genes,
        PerturbedText text,
        AttackSession attack,
        Dictionary<(string, int), IReadOnlyList<PerturbedText>> known
    )
    {
        for (var gene = 0; gene < genes.Length; gene += 2)
        {
            var words = attack.Recipe.Words(text);
            var place = (int)(genes[gene] * (words.Count + 1));
            if (place >= words.Count)
                continue;
            if (!known.TryGetValue((text.Text, words[place]), out var candidates))
                // What a transformation draws hangs on the text alone: the same genes give the same text.
                known[(text.Text, words[place])] = candidates = attack.Recipe.Candidates(
                    text,
                    [words[place]],
                    new SeededRandom(words[place], text.Text)
                );
            if (candidates.Count > 0)
                text = candidates[(int)(genes[gene + 1] * candidates.Count)];
        }
        return text;
    }
}
