using CsCheck;
using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Attacks.Tests;

public sealed class When_examples_are_attacked
{
    private static readonly string[] Words =
    [
        "good",
        "fine",
        "bad",
        "dull",
        "the",
        "film",
        "music",
        "story",
        "Maria",
        "12",
        "isn't",
    ];

    private static readonly Gen<AttackedExample[]> Examples = Gen.Select(
            Gen.Int[0, Words.Length - 1].Array[1, 9],
            Gen.Int[0, 1],
            (words, label) => (Text: string.Join(' ', words.Select(at => Words[at])), Label: label)
        )
        .Array[1, 12]
        .Select(all => all.Select((one, at) => new AttackedExample($"{at}", new(one.Text), one.Label)).ToArray());

    public static TheoryData<string> WithoutPacks =>
        ["deepwordbug", "pruthi", "input-reduction", "checklist-lists", "bad-characters"];

    /// <summary>Differential evolution asks some hundred times about each example.</summary>
    private static int Iterations(string recipe) => recipe == "bad-characters" ? 2 : 40;

    [Theory]
    [MemberData(nameof(WithoutPacks))]
    public void What_comes_of_one_does_not_depend_on_those_beside_it(string recipe) =>
        Examples.Sample(
            examples =>
                Assert.Equal(examples.SelectMany(example => Attack(recipe, [example])), Attack(recipe, examples)),
            iter: Iterations(recipe)
        );

    [Theory]
    [MemberData(nameof(WithoutPacks))]
    public void A_greater_budget_never_raises_the_accuracy_under_attack(string recipe) =>
        Gen.Select(Examples, Gen.Int[1, 30], Gen.Int[0, 30])
            .Sample(
                (examples, budget, more) =>
                {
                    var less = Attack(recipe, examples, budget);
                    var greater = Attack(recipe, examples, budget + more);
                    Assert.All(less, one => Assert.InRange(one.Queries, 1, budget));
                    Assert.All(
                        less.Zip(greater),
                        pair =>
                            Assert.False(
                                pair.First.Outcome is AttackOutcome.Successful
                                    && pair.Second.Outcome is not AttackOutcome.Successful
                            )
                    );
                },
                iter: Iterations(recipe)
            );

    [Theory]
    [MemberData(nameof(WithoutPacks))]
    public void No_protected_word_changes_and_every_success_fools_the_model(string recipe) =>
        Examples.Sample(
            examples =>
            {
                using var model = WordCounting.Reviews();
                foreach (var result in Attack(recipe, examples))
                {
                    Assert.Equal(result.PerturbedPredicted, Said(model, result.Perturbed));
                    if (result.Outcome is AttackOutcome.Successful)
                        Assert.NotEqual(result.Label, result.PerturbedPredicted);
                    if (recipe is "deepwordbug" or "pruthi")
                        Assert.Equal(Protected(result.Text), Protected(result.Perturbed));
                }
            },
            iter: Iterations(recipe)
        );

    [Fact]
    public void The_counters_are_TextAttacks()
    {
        var results = Attack(
            "input-reduction",
            [new("right", new("a good dull film"), 1), new("wrong", new("a bad film"), 1)]
        );

        // The text itself, then without each of four words, then without the three that are still found at their places.
        Assert.Equal((AttackOutcome.Maximized, 8), (results[0].Outcome, results[0].Queries));
        Assert.Equal((AttackOutcome.Skipped, 1, 1), (results[1].Outcome, results[1].Queries, results[1].Forwards));
        Assert.Equal("good", results[0].Perturbed);
    }

    [Fact]
    public void Texts_that_are_known_are_asked_about_but_not_read_again()
    {
        var result = Attack("input-reduction", [new("0", new("film film film good"), 1)])[0];

        Assert.True(result.Forwards < result.Queries);
    }

    [Fact]
    public void Several_examples_fill_one_batch()
    {
        using var model = WordCounting.Reviews();
        var examples = Enumerable
            .Range(0, 20)
            .Select(at => new AttackedExample($"{at}", new($"a good story number {at}"), 1))
            .ToArray();

        Attack(model, "deepwordbug", examples, new AttackLimits(1));

        Assert.Equal(20, model.Batches[0]);
        Assert.Equal(80, model.Batches[1]);
    }

    [Fact]
    public void Scores_that_differ_by_rounding_alone_are_equal()
    {
        var one = ModelAnswer.Of([0.4000011f, 0.5999989f]);
        var other = ModelAnswer.Of([0.4000009f, 0.5999991f]);

        Assert.Equal(one.Probabilities, other.Probabilities);
    }

    [Fact]
    public void A_success_that_the_search_leaves_behind_counts()
    {
        // The best score is a text that stays with its label; another, of a lower score, leaves it.
        using var model = new WordCounting(
            new Dictionary<string, double[]>
            {
                ["kept"] = [2, 1.9, 1.9],
                ["left"] = [2, 2.1, 0],
                ["word"] = [5, 0, 0],
            },
            "a",
            "b",
            "c"
        );
        var path = Path.GetTempFileName();
        File.WriteAllText(path, """{"word":["kept","left"]}""");
        var lexicons = new LexiconSet([LexiconPack.Read(LexiconKind.Neighbours, path)]);
        File.Delete(path);

        var result = Attack(
            model,
            AttackRecipes.Find("textfooler-neighbours", lexicons),
            [new("0", new("word"), 0)],
            new AttackLimits(1)
        )[0];

        Assert.Equal((AttackOutcome.Successful, "left"), (result.Outcome, result.Perturbed));
    }

    [Fact]
    public void Time_that_runs_out_leaves_what_was_found()
    {
        using var model = WordCounting.Reviews();
        var engine = new AttackEngine(
            Victims.Of(model),
            AttackRecipes.Find("deepwordbug", LexiconSet.BuiltIn),
            new AttackLimits(1, Time: TimeSpan.Zero),
            TimeProvider.System
        );

        var results = engine.Run([new("0", new("a good film"), 1), new("1", new("a fine film"), 1)], default).ToList();

        Assert.All(results, result => Assert.Equal(AttackOutcome.Unfinished, result.Outcome));
        Assert.All(results, result => Assert.Equal(result.Text, result.Perturbed));
    }

    [Theory]
    [InlineData("pwws", "recipe pwws needs a pack of kind wordnet")]
    [InlineData("textfooler-neighbours", "needs a pack of kind neighbours")]
    [InlineData("deepwordbgu", "did you mean 'deepwordbug'?; expected one of a2t-gradient-neighbours, a2t-mlm")]
    public void A_recipe_that_cannot_be_made_says_why(string recipe, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<BadInputException>(() => AttackRecipes.Find(recipe, LexiconSet.BuiltIn)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_specs_words_are_the_recipes() =>
        Assert.Equal(
            AttackRecipes.Names,
            typeof(AttackSpec)
                .GetProperty("Recipe")!
                .GetCustomAttributes(false)
                .OfType<System.ComponentModel.DataAnnotations.AllowedValuesAttribute>()
                .Single()
                .Values
        );

    [Fact]
    public void The_spec_knows_what_each_recipe_needs() =>
        Assert.All(
            AttackRecipes.Names,
            name =>
            {
                var refused = Record.Exception(() => AttackRecipes.Find(name, LexiconSet.BuiltIn));
                var needed = AttackNeeds.Of(name);
                Assert.Equal(needed.Count > 0, refused is BadInputException);
                if (refused is not null)
                    Assert.True(
                        needed.Any(need => refused.Message.Contains(AttackNeeds.Described(need)))
                            || AttackNeeds.Gradients(name) && refused.Message.Contains("follows the model's gradients"),
                        refused.Message
                    );
            }
        );

    [Fact]
    public void Other_goals_are_reached_too()
    {
        var text = PerturbedText.Of("a text");
        var answer = new ModelAnswer(2, [0.2, 0.3, 0.5]);

        Assert.True(new Targeted(2).Reached(answer, text, 0));
        Assert.False(new Targeted(1).Reached(answer, text, 0));
        Assert.True(new Targeted(2).Skips(answer, 2));
        Assert.Equal(0.3, new Targeted(1).Score(answer, text, 0));
        Assert.True(new LowerScore(0.21).Reached(answer, text, 0));
        Assert.False(new LowerScore(0.19).Reached(answer, text, 0));
    }

    private static List<AttackedText> Attack(string recipe, AttackedExample[] examples, int? budget = null)
    {
        using var model = WordCounting.Reviews();
        return Attack(model, recipe, examples, new AttackLimits(5, budget));
    }

    private static List<AttackedText> Attack(
        IClassifier model,
        string recipe,
        AttackedExample[] examples,
        AttackLimits limits
    ) => Attack(model, AttackRecipes.Find(recipe, LexiconSet.BuiltIn), examples, limits);

    private static List<AttackedText> Attack(
        IClassifier model,
        AttackRecipe recipe,
        AttackedExample[] examples,
        AttackLimits limits
    ) => [.. new AttackEngine(Victims.Of(model), recipe, limits, TimeProvider.System).Run(examples, default)];

    private static string Said(WordCounting model, string text)
    {
        var said = model.Predict([new(text)])[0];
        return model.Labels[Array.IndexOf(said, said.Max())];
    }

    private static int Protected(string text) =>
        PerturbedText.Of(text).Words.Count(word => word.Word is "the" or "isn't");
}
