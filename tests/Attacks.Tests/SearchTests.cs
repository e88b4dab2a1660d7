using CsCheck;
using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Attacks.Searches;
using TransferPipeline.Contracts;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Attacks.Tests;

/// <summary>What every search keeps, whatever it searches through.</summary>
public sealed class When_changed_texts_are_searched
{
    private static readonly Dictionary<string, ISearch> All = new()
    {
        ["greedy"] = new Beam(1),
        ["beam"] = new Beam(3),
        ["delete"] = new WordImportance(Importance.Delete),
        ["unknown"] = new WordImportance(Importance.Unknown),
        ["weighted-saliency"] = new WordImportance(Importance.WeightedSaliency),
        ["random"] = new WordImportance(Importance.Random),
        ["genetic"] = new Genetic(6, 4),
        ["improved-genetic"] = new Genetic(6, 4, replacements: 2),
        ["particle-swarm"] = new ParticleSwarm(6, 4),
        ["differential-evolution"] = new DifferentialEvolution(6, 4, changes: 3),
    };

    private static readonly NeighbourLists Neighbours = Lists(
        """
        {"good":["fine","nice","great"],"fine":["good","sleek"],"film":["movie","bad","dull"],"story":["tale","plot"],
         "great":["grand"],"kept":["dull"],"the":["a"]}
        """
    );

    private static readonly string[] Words =
    [
        "good",
        "fine",
        "great",
        "film",
        "story",
        "kept",
        "the",
        "good-film",
        "x",
    ];

    private static readonly Gen<AttackedExample> Examples = Gen.Select(
        Gen.Int[0, Words.Length - 1].Array[1, 8],
        Gen.Int[0, 1],
        (words, label) => new AttackedExample("0", new(string.Join(' ', words.Select(at => Words[at]))), label)
    );

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_it_ends_with_is_allowed_and_no_further_from_the_goal_than_the_original(string name) =>
        Gen.Select(Examples, Gen.Int[1, 60])
            .Sample(
                (example, budget) =>
                {
                    var found = Attack(name, example, budget);
                    Assert.InRange(found.Queries, 1, budget);
                    Assert.InRange(found.Forwards, 1, found.Queries);
                    var (before, after) = (PerturbedText.Of(found.Text), PerturbedText.Of(found.Perturbed));
                    Assert.Equal(before.Words.Count, after.Words.Count);
                    foreach (
                        var (was, now) in before
                            .Words.Zip(after.Words)
                            .Where(pair => pair.First.Word != pair.Second.Word)
                    )
                    {
                        Assert.NotEqual("kept", was.Word); // protected by its list of words
                        Assert.Contains(now.Word, Reachable(was.Word));
                    }
                    Assert.True(after.DifferentWords(before).Count <= 2);
                    if (name is not ("greedy" or "beam")) // TextAttack's end with the last step, even a worse one.
                        Assert.True(found.PerturbedScore >= found.Score);
                },
                iter: 150
            );

    [Theory]
    [MemberData(nameof(Names))]
    public void A_greater_budget_never_makes_a_success_a_failure(string name) =>
        Gen.Select(Examples, Gen.Int[1, 60], Gen.Int[0, 60])
            .Sample(
                (example, budget, more) =>
                {
                    if (Attack(name, example, budget).Outcome is AttackOutcome.Successful)
                        Assert.Equal(AttackOutcome.Successful, Attack(name, example, budget + more).Outcome);
                },
                iter: 150
            );

    [Theory]
    [MemberData(nameof(Names))]
    public void The_seed_alone_says_what_is_found(string name) =>
        Examples.Sample(
            example => Assert.Equal(Attack(name, example, null, 3), Attack(name, example, null, 3)),
            iter: 50
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void A_single_change_that_is_enough_is_found(string name)
    {
        // Of four words two have neighbours that leave the label.
        var found = Attack(name, new("0", new("x good x film"), 1), null);

        Assert.Equal(AttackOutcome.Successful, found.Outcome);
        Assert.InRange(found.WordsChanged, 1, 2);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_text_that_nothing_can_be_changed_in_stays(string name)
    {
        var found = Attack(name, new("0", new("x x"), 0), null);

        Assert.Equal((AttackOutcome.Failed, "x x"), (found.Outcome, found.Perturbed));
    }

    /// <summary>Two words must change together; neither does anything alone.</summary>
    [Theory]
    [InlineData("differential-evolution")]
    [InlineData("particle-swarm")]
    public void Changes_that_only_count_together_are_found(string name)
    {
        var recipe = Recipe(
            name == "particle-swarm" ? new ParticleSwarm(40, 10) : new DifferentialEvolution(40, 10, 3),
            Lists("""{"one":["bo","ba"],"two":["th","ti"]}""")
        );
        using var together = new Together();

        var found = new AttackEngine(Victims.Of(together), recipe, new AttackLimits(1), TimeProvider.System)
            .Run([new("0", new("one two x x x x"), 1)], default)
            .Single();

        Assert.Equal((AttackOutcome.Successful, "bo th x x x x"), (found.Outcome, found.Perturbed));
    }

    [Fact]
    public void Drawing_follows_the_weights()
    {
        var random = new Datasets.SeededRandom(5, "test");
        var drawn = Enumerable.Range(0, 4000).Select(_ => Population.Draw([1, 0, 3], random)).ToList();

        Assert.DoesNotContain(1, drawn);
        Assert.InRange(drawn.Count(at => at == 0), 900, 1100);
        Assert.Equal(-1, Population.Draw([0, 0], random));
    }

    private static AttackedText Attack(string name, AttackedExample example, int? budget, long seed = 7)
    {
        using var model = WordCounting.Reviews();
        return new AttackEngine(
            Victims.Of(model),
            Recipe(All[name], Neighbours),
            new AttackLimits(seed, budget),
            TimeProvider.System
        )
            .Run([example], default)
            .Single();
    }

    private static AttackRecipe Recipe(ISearch search, NeighbourLists neighbours) =>
        new(
            "test",
            new Untargeted(),
            new NeighbourSwap(neighbours, 3),
            [new Kept()],
            [MaximumWordsChanged.Of(2)],
            search
        );

    private static HashSet<string> Reachable(string word)
    {
        HashSet<string> found = [word];
        while (found.SelectMany(one => Neighbours.Of(one)).Except(found).ToList() is { Count: > 0 } more)
            found.UnionWith(more);
        return found;
    }

    private static NeighbourLists Lists(string json)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, json);
        var lists = (NeighbourLists)LexiconPack.Read(LexiconKind.Neighbours, path);
        File.Delete(path);
        return lists;
    }

    private sealed class Kept : IWordConstraint
    {
        public bool Allows(PerturbedText text, int word) => text.Words[word].Word != "kept";
    }

    /// <summary>Knows nothing but "bo th".</summary>
    private sealed class Together : Modelling.Inference.IClassifier
    {
        public IReadOnlyList<string> Labels { get; } = ["a", "b"];

        public IReadOnlyList<float[]> Predict(
            IReadOnlyList<Modelling.Inference.ModelText> texts,
            CancellationToken cancellation = default
        ) =>
            [
                .. texts.Select(text =>
                    text.First.StartsWith("bo th", StringComparison.Ordinal) ? new[] { 0.9f, 0.1f } : [0.2f, 0.8f]
                ),
            ];

        public void Dispose() { }
    }
}
