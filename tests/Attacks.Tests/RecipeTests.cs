using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;
using TransferPipeline.TestKit;

namespace TransferPipeline.Attacks.Tests;

/// <summary>
/// Recipes that ask models, with models of random weights: what the words mean cannot be judged here, but that each recipe keeps to
/// its bounds can.
/// </summary>
public sealed class When_a_recipe_asks_models : IDisposable
{
    private static readonly string[] Texts =
    [
        "what the court said",
        "they must know this story while the country said no",
        "a father",
        "the works show more than just one system later",
    ];

    private readonly TransformerClassifier _victim = TransformerClassifier.Open(Folder("bert-sequence-classification"));
    private readonly LexiconSet _packs = new([Neighbours(), Dictionary()]);
    private readonly RecipeResources _given;

    public When_a_recipe_asks_models() => _given = new(_packs, _victim, FolderOf);

    public void Dispose()
    {
        _given.Dispose();
        _victim.Dispose();
    }

    public static TheoryData<string> All =>
        [.. AttackRecipes.Names.Where(name => AttackNeeds.Of(name).Count > 0 || AttackNeeds.Gradients(name))];

    [Theory]
    [MemberData(nameof(All))]
    public void Its_attack_keeps_to_its_bounds_and_does_not_depend_on_what_is_beside_it(string name)
    {
        var recipe = AttackRecipes.Find(name, _given);
        var examples = Texts.Select(Example).ToArray();

        var together = Attack(recipe, examples);

        Assert.Equal(name, recipe.Name);
        Assert.Equal(examples.SelectMany(one => Attack(recipe, [one])), together);
        Assert.All(
            together,
            one =>
            {
                Assert.InRange(one.Queries, 1, 40);
                var (before, after) = (PerturbedText.Of(one.Text), PerturbedText.Of(one.Perturbed));
                var most = name switch
                {
                    "hotflip" => 2,
                    "iga-neighbours" or "faster-alzantot-neighbours" => (int)Math.Ceiling(before.Words.Count * 0.2),
                    "kuleshov-neighbours" => (int)Math.Ceiling(before.Words.Count * 0.5),
                    "bert-attack" => (int)Math.Ceiling(before.Words.Count * 0.4),
                    "a2t-mlm" or "a2t-gradient-neighbours" or "a2t-neighbours" => 4,
                    _ => int.MaxValue,
                };
                if (before.Words.Count == after.Words.Count)
                {
                    Assert.InRange(before.DifferentWords(after).Count, 0, most);
                    Assert.All(
                        before.DifferentWords(after),
                        word => Assert.False(_packs.StopWords.ContainsAsWritten(before.Words[word].Word))
                    );
                }
                else
                    Assert.Contains(name, new[] { "clare", "textbugger-neighbours" });
            }
        );
    }

    [Theory]
    [InlineData("hotflip")]
    [InlineData("a2t-mlm")]
    [InlineData("bae")]
    [InlineData("bert-attack")]
    [InlineData("clare")]
    public void It_changes_texts(string name)
    {
        // Without what random models have no sense of.
        var recipe = AttackRecipes.Find(name, _given) with
        {
            TextConstraints = [],
        };

        var candidates = Texts.SelectMany(text =>
            recipe.Candidates(PerturbedText.Of(text), Enumerable.Range(0, 20), new(1, "test"))
        );

        Assert.NotEmpty(name == "hotflip" ? Flips() : candidates);
    }

    [Fact]
    public void A_white_box_recipe_wants_a_transformer()
    {
        using var counting = WordCounting.Reviews();
        using var given = new RecipeResources(_packs, counting, FolderOf);

        foreach (var name in AttackRecipes.Names.Where(AttackNeeds.Gradients))
            Assert.Contains(
                "expected a fine-tuned transformer",
                Assert.Throws<BadInputException>(() => AttackRecipes.Find(name, given)).Message
            );
    }

    [Fact]
    public void Words_are_ranked_by_the_gradient()
    {
        var recipe = RecipeBuilder.Build(
            new()
            {
                Transformation = new() { Characters = ["swap"] },
                Search = new() { Kind = "word-importance", Importance = "gradient" },
            },
            _given
        );
        var example = Example(Texts[1]);
        var asked = new List<string>();
        var session = new AttackSession(example, recipe, Victims.Of(_victim), new AttackLimits(1, 3));
        while (session.Next() is { } texts)
        {
            session.Take(texts, session.Victim.Predict(texts, default));
            asked.AddRange(session.Answers.Select(answer => answer.Text.Text));
        }

        var text = PerturbedText.Of(example.Text);
        var importance = Perturbation.Transformations.WordGradients.Importance(
            _victim,
            text,
            [.. Enumerable.Range(0, text.Words.Count)]
        );
        // A word of one letter stays; the text itself is asked about first.
        var most = Enumerable
            .Range(0, text.Words.Count)
            .Where(word => text.Words[word].Word.Length > 1)
            .MaxBy(word => importance[word]);
        Assert.Equal([most], PerturbedText.Of(asked[1]).DifferentWords(text));
    }

    private IEnumerable<PerturbedText> Flips()
    {
        var parts = new RecipeSpec { Transformation = new() { Gradient = 1 } };
        return RecipeBuilder.Build(parts, _given).Candidates(PerturbedText.Of(Texts[0]), [0, 1, 2], new(1, "test"));
    }

    private AttackedExample Example(string text)
    {
        var said = _victim.Predict([new ModelText(text)])[0];
        return new(text, new(text), Array.IndexOf(said, said.Max()));
    }

    private List<AttackedText> Attack(AttackRecipe recipe, AttackedExample[] examples) =>
        [
            .. new AttackEngine(Victims.Of(_victim), recipe, new AttackLimits(5, 40), TimeProvider.System).Run(
                examples,
                default
            ),
        ];

    private static string? FolderOf(string need) =>
        need switch
        {
            AttackNeeds.LanguageModel => Folder("gpt2-causal-lm"),
            _ => Folder("bert-masked-lm"),
        };

    private static string Folder(string name) => GoldenFolders.Of(name)[0];

    private static ILexicon Neighbours() =>
        Pack(
            "neighbours",
            "court\tstory\tfather",
            "said\tknow\tshow",
            "story\tcourt",
            "country\tcalifornia\tcourt",
            "works\tshow"
        );

    private static ILexicon Dictionary() =>
        Pack("wordnet", "s\tn\t1\tcourt\tstory\tfather", "i\tn\tcourt\t1", "i\tn\tstory\t1", "i\tn\tfather\t1");

    private static ILexicon Pack(string kind, params string[] lines)
    {
        var text = $"transfer-lexicon\t{kind}\n{string.Join('\n', lines)}\n";
        return LexiconPack.Open(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), kind);
    }
}

public sealed class When_a_recipe_is_written_as_its_parts
{
    [Fact]
    public void Its_parts_are_those_that_are_named()
    {
        using var victim = WordCounting.Reviews();
        using var given = new RecipeResources(LexiconSet.BuiltIn, victim);
        var written = new RecipeSpec
        {
            Name = "typos",
            Transformation = new() { Characters = ["swap", "substitute", "delete", "insert"] },
            Constraints = new()
            {
                NoRepeats = true,
                NoStopWords = true,
                Edits = 30,
            },
            Search = new() { Kind = "word-importance", Importance = "unknown" },
        };
        AttackedExample[] examples = [new("0", new("a good film"), 1), new("1", new("a bad , dull story"), 0)];

        var own = Attack(RecipeBuilder.Build(written, given), examples);
        var named = Attack(AttackRecipes.Find("deepwordbug", LexiconSet.BuiltIn) with { Name = "typos" }, examples);

        Assert.Equal(named, own); // DeepWordBug, part by part
        Assert.NotEqual(named, Attack(RecipeBuilder.Build(written with { Search = new() }, given), examples));
    }

    [Fact]
    public void A_target_is_a_label_of_the_model()
    {
        using var victim = WordCounting.Reviews();
        using var given = new RecipeResources(LexiconSet.BuiltIn, victim);
        var written = new RecipeSpec
        {
            Goal = "targeted",
            Target = "neutral",
            Transformation = new() { Delete = true },
        };

        Assert.Contains(
            "does not know label 'neutral'; expected one of negative, positive",
            Assert.Throws<BadInputException>(() => RecipeBuilder.Build(written, given)).Message
        );
        Assert.IsType<Targeted>(RecipeBuilder.Build(written with { Target = "negative" }, given).Goal);
    }

    [Theory]
    [InlineData("encoder", "needs a sentence encoder; expected a registered model")]
    [InlineData("maskedModel", "needs a masked language model")]
    [InlineData("languageModel", "needs a language model; expected a registered causal one")]
    [InlineData("vectors", "needs vectors of words")]
    [InlineData("lexicons:wordnet", "needs a pack of kind wordnet")]
    [InlineData("lexicons:neighbours", "needs a pack of kind neighbours")]
    public void What_is_not_given_is_asked_for(string need, string message)
    {
        var typos = new TransformationSpec { Characters = ["swap"] };
        var written = need switch
        {
            "encoder" => new RecipeSpec
            {
                Transformation = typos,
                Constraints = new() { LeastSimilarity = 0.9 },
            },
            "languageModel" => new RecipeSpec
            {
                Transformation = typos,
                Constraints = new() { Surprise = 2 },
            },
            "maskedModel" => new RecipeSpec { Transformation = new() { Foretold = 5 } },
            "vectors" => new RecipeSpec { Transformation = new() { Nearest = 5 } },
            "lexicons:wordnet" => new RecipeSpec { Transformation = new() { WordNet = true } },
            _ => new RecipeSpec { Transformation = new() { Neighbours = 5 } },
        };

        Assert.Equal([need], AttackNeeds.Of(written));
        Assert.Contains(
            message,
            Assert
                .Throws<BadInputException>(() => RecipeBuilder.Build(written, new RecipeResources(LexiconSet.BuiltIn)))
                .Message
        );
    }

    private static List<AttackedText> Attack(AttackRecipe recipe, AttackedExample[] examples)
    {
        using var model = WordCounting.Reviews();
        return
        [
            .. new AttackEngine(Victims.Of(model), recipe, new AttackLimits(5), TimeProvider.System).Run(
                examples,
                default
            ),
        ];
    }
}

/// <summary>What every goal keeps.</summary>
public sealed class When_an_answer_is_held_to_a_goal
{
    private static readonly Dictionary<string, IGoal> All = new()
    {
        ["untargeted"] = new Untargeted(),
        ["targeted"] = new Targeted(1),
        ["lower-score"] = new LowerScore(0.3),
        ["input-reduction"] = new InputReduction(),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_reaches_it_scores_at_least_what_does_not_where_there_are_two_labels(string name)
    {
        var goal = All[name];
        var text = PerturbedText.Of("one two three").Delete(1);
        CsCheck.Check.Sample(
            CsCheck.Gen.Select(CsCheck.Gen.Float[0.01f, 0.99f], CsCheck.Gen.Float[0.01f, 0.99f]),
            (one, other) =>
            {
                var (first, second) = (ModelAnswer.Of([one, 1 - one]), ModelAnswer.Of([other, 1 - other]));
                foreach (var answer in new[] { first, second })
                    Assert.InRange(goal.Score(answer, text, 0), 0, 1);
                if (goal.Reached(first, text, 0) && !goal.Reached(second, text, 0))
                    Assert.True(goal.Score(first, text, 0) >= goal.Score(second, text, 0));
            }
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_that_the_model_has_wrong_is_passed_over(string name)
    {
        Assert.True(All[name].Skips(ModelAnswer.Of([0.2f, 0.8f]), 0));
        Assert.False(All[name].Skips(ModelAnswer.Of([0.8f, 0.2f]), 0));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_text_itself_has_not_reached_it(string name)
    {
        var text = PerturbedText.Of("one two three");

        Assert.False(All[name].Reached(ModelAnswer.Of([0.8f, 0.2f]), text, 0));
    }
}
