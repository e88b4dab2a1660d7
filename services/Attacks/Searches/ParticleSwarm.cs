using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Searches;

/// <summary>
/// Texts that move, word by word, towards the best that each of them and all of them have been, and are changed where they are
/// still near the original (Zang et al. 2020, ACL 2020.acl-main.540).
/// </summary>
internal sealed class ParticleSwarm(int population, int iterations) : ISearch
{
    private const double FastestSpeed = 3; // The paper's largest velocity.
    private const double First = 0.8; // The paper's inertia, and the chance to move to the own best, at the beginning.
    private const double Last = 0.2; // The same at the end; the chance to move to the best of all runs the other way.
    private const int MovingTries = 20; // TextAttack's max_turn_retries.

    public IEnumerable<IReadOnlyList<PerturbedText>> Run(AttackSession attack)
    {
        var original = attack.Best;
        var particles = Enumerable.Range(0, population).Select(_ => new Particle(original, attack.Random)).ToArray();
        foreach (var texts in Change(attack, [.. particles]))
            yield return texts;
        var best = Population.Best(particles.Select(particle => particle.At));
        foreach (var particle in particles)
            particle.Best = particle.At;

        for (var iteration = 0; iteration < iterations && !attack.Over && !best.Reached; iteration++)
        {
            var passed = (double)iteration / iterations;
            foreach (var particle in particles)
                Move(particle, best, passed, attack);
            yield return [.. particles.Select(particle => particle.Text)];
            attack.KeepSuccess();
            foreach (var (particle, answer) in particles.Zip(attack.Answers))
                particle.At = answer;
            if (!attack.Answers.Any(answer => answer.Reached))
                foreach (
                    var texts in Change(
                        attack,
                        [.. particles.Where(one => attack.Random.NextDouble() < 1 - 2 * Changed(one.At.Text))]
                    )
                )
                    yield return texts;
            foreach (var particle in particles.Where(one => one.At.Score > one.Best.Score))
                particle.Best = particle.At;
            if (Population.Best(particles.Select(particle => particle.Best)) is var found && found.Score > best.Score)
                best = found;
        }
        attack.KeepBest(best);
    }

    /// <summary>
    /// Takes each of these one step on: to the best candidate of a word that is drawn, the likelier the more the score rises there.
    /// </summary>
    private static IEnumerable<IReadOnlyList<PerturbedText>> Change(AttackSession attack, IReadOnlyList<Particle> some)
    {
        if (attack.Over)
            yield break;
        // Particles at one text share its candidates.
        var places = some.GroupBy(particle => particle.At.Text.Text)
            .Select(same => (Particles: same.ToList(), Words: Candidates(attack, same.First().At.Text)))
            .Where(place => place.Words.Any(texts => texts.Count > 0))
            .ToList();
        if (places.Count == 0)
            yield break;
        yield return [.. places.SelectMany(place => place.Words).SelectMany(texts => texts)];
        attack.KeepSuccess();
        var next = 0;
        foreach (var (same, words) in places)
        {
            var from = same[0].At;
            var found = new List<JudgedText>();
            foreach (var texts in words)
            {
                if (attack.Answers.Skip(next).Take(texts.Count).MaxBy(answer => answer.Score) is { } best)
                    found.Add(best);
                next += texts.Count;
            }
            double[] rises = [.. found.Select(text => Math.Max(0, text.Score - from.Score))];
            if (rises.Sum() == 0) // As the authors' code: where nothing rises each is as likely.
                Array.Fill(rises, 1);
            foreach (var particle in same)
                if (Population.Draw(rises, attack.Random) is >= 0 and var drawn)
                    particle.At = found[drawn];
        }
    }

    private static List<IReadOnlyList<PerturbedText>> Candidates(AttackSession attack, PerturbedText text) =>
        [
            .. Enumerable
                .Range(0, text.Words.Count)
                .Select(word => attack.Recipe.Candidates(text, [word], attack.Random)),
        ];

    private static void Move(Particle particle, JudgedText best, double passed, AttackSession attack)
    {
        var inertia = First - (First - Last) * passed;
        particle.Text = particle.At.Text;
        for (var word = 0; word < particle.Speeds.Length; word++)
            particle.Speeds[word] = Math.Clamp(
                inertia * particle.Speeds[word]
                    + (1 - inertia) * (Pull(particle.Text, particle.Best, word) + Pull(particle.Text, best, word)),
                -FastestSpeed,
                FastestSpeed
            );
        if (attack.Random.NextDouble() < inertia)
            particle.Text = Turned(particle, particle.Best.Text, attack);
        if (attack.Random.NextDouble() < Last + (First - Last) * passed)
            particle.Text = Turned(particle, best.Text, attack);
    }

    /// <summary>Words that are the same already slow it down.</summary>
    private static double Pull(PerturbedText text, JudgedText to, int word) =>
        word < text.Words.Count && word < to.Text.Words.Count && text.Words[word].Word != to.Text.Words[word].Word
            ? FastestSpeed
            : -FastestSpeed;

    private static PerturbedText Turned(Particle particle, PerturbedText to, AttackSession attack)
    {
        for (var tries = 0; tries <= MovingTries; tries++)
        {
            var moved = Population.Mix(
                particle.Text,
                to,
                word =>
                    word < particle.Speeds.Length
                    && attack.Random.NextDouble() < 1 / (1 + Math.Exp(-particle.Speeds[word]))
            );
            if (moved == particle.Text || attack.Recipe.Allows(moved, particle.Text))
                return moved;
        }
        return particle.Text;
    }

    /// <summary>The share of words that are not the original's.</summary>
    private static double Changed(PerturbedText text) =>
        text.Words.Count == 0 ? 1 : (double)text.DifferentWords(text.Original).Count / text.Words.Count;

    private sealed class Particle
    {
        public Particle(JudgedText at, SeededRandom random)
        {
            (At, Best, Text) = (at, at, at.Text);
            Speeds = new double[at.Text.Words.Count];
            Array.Fill(Speeds, (2 * random.NextDouble() - 1) * FastestSpeed);
        }

        public JudgedText At { get; set; }

        /// <summary>The best that it has been.</summary>
        public JudgedText Best { get; set; }

        /// <summary>Where it moves to.</summary>
        public PerturbedText Text { get; set; }

        /// <summary>For each word.</summary>
        public double[] Speeds { get; }
    }
}
