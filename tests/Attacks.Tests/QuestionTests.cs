using CsCheck;
using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Attacks.Tests;

public sealed class When_a_model_that_answers_questions_is_attacked
{
    private const string Question = "what is the old ship called ?";

    private static readonly string[] Words = ["the", "ship", "called", "Maria", "sails", "north", "is", "it's", "12"];

    private static readonly Gen<string> Contexts = Gen.Int[0, Words.Length - 1]
        .Array[0, 8]
        .Select(words => string.Join(' ', words.Select(at => Words[at]).Append("called Maria today")));

    public static TheoryData<string> Recipes => ["deepwordbug", "pruthi", "checklist-lists", "bad-characters"];

    [Fact]
    public void The_context_is_changed_until_another_answer_is_the_best()
    {
        var result = Attack("deepwordbug", "they say the ship is called Maria by all");

        Assert.Equal(AttackOutcome.Successful, result.Outcome);
        Assert.Equal(("Maria", "Maria"), (result.Label, result.Predicted));
        Assert.Equal(["Maria"], result.Accepted);
        Assert.NotEqual("Maria", result.PerturbedPredicted);
        Assert.Equal(Question, result.Perturbed);
        Assert.NotEqual(result.TextB, result.PerturbedB);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Neither_the_question_nor_the_words_of_the_answer_change(string recipe) =>
        Contexts.Sample(
            context =>
            {
                var result = Attack(recipe, context);
                Assert.Equal(Question, result.Perturbed);
                Assert.Contains("Maria", result.PerturbedB!.Split(' '));
                Assert.Equal(Count(context), Count(result.PerturbedB));
            },
            iter: recipe == "bad-characters" ? 3 : 40
        );

    [Fact]
    public void A_reduction_takes_words_of_the_question_while_the_answer_stays()
    {
        const string Context = "they say the ship is called Maria by all";
        var result = Attack("input-reduction", Context);

        Assert.Equal(AttackOutcome.Maximized, result.Outcome);
        Assert.Equal(Context, result.PerturbedB);
        Assert.True(result.Perturbed.Length < Question.Length);
        Assert.Equal("Maria", result.PerturbedPredicted);
    }

    [Fact]
    public void A_question_that_is_answered_wrongly_already_is_passed_over()
    {
        var text = new ModelText(Question, "they say the ship is called Maria by all");
        var example = new AttackedExample("q", text, 0) { Answers = AcceptedAnswers.OfText(text, "ship") };

        Assert.Equal(AttackOutcome.Skipped, Run("deepwordbug", example).Outcome);
    }

    [Fact]
    public void A_white_box_recipe_says_that_it_wants_a_classifier()
    {
        using var given = new RecipeResources(LexiconSet.Open([]));
        Assert.Contains(
            "expected a fine-tuned transformer that classifies",
            Assert.Throws<BadInputException>(() => AttackRecipes.Find("hotflip", given)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Moved_answers_stand_where_the_new_context_holds_them()
    {
        var label = Answers.Write([new("Maria", 11), new("the 𝄞 ship", 0)]);
        var moved = AcceptedAnswers.Moved(label, "the 𝄞 ship Maria, Maria", "a 𝄞𝄞 boat Maria, Maria")!;
        Assert.Equal([new Answer("Maria", 10)], Answers.Read(moved));
        Assert.Null(AcceptedAnswers.Moved(label, "the 𝄞 ship Maria", "nothing"));
    }

    private static int Count(string context) => context.Split(' ').Count(word => word == "Maria");

    private static AttackedText Attack(string recipe, string context)
    {
        var text = new ModelText(Question, context);
        return Run(recipe, new AttackedExample("q", text, 0) { Answers = AcceptedAnswers.OfText(text, "Maria") });
    }

    private static AttackedText Run(string recipe, AttackedExample example)
    {
        using var model = new WhatIsCalled();
        using var given = new RecipeResources(LexiconSet.Open([]));
        var engine = new AttackEngine(
            new AnswerVictim(model),
            AttackRecipes.Find(recipe, given),
            new AttackLimits(3),
            TimeProvider.System
        );
        return Assert.Single(engine.Run([example], default));
    }

    /// <summary>Answers with the word behind the last "called", and where there is none with the first word.</summary>
    private sealed class WhatIsCalled : IAnswerer
    {
        public IReadOnlyList<FoundAnswer> Answer(
            IReadOnlyList<ModelText> questions,
            AnswerSearch search,
            CancellationToken cancellation = default
        ) => [.. questions.Select(Answer)];

        public void Dispose() { }

        private static FoundAnswer Answer(ModelText question)
        {
            var words = question.Second!.Split(' ');
            var best =
                Array.LastIndexOf(words, "called") is >= 0 and var place && place + 1 < words.Length ? place + 1 : 0;
            AnswerCandidate[] candidates =
            [
                .. words
                    .Select((word, at) => new AnswerCandidate(word, at, at == best ? 1 : 0, at == best ? 0.6f : 0.1f))
                    .OrderByDescending(candidate => candidate.Score),
            ];
            return new(candidates[0].Text, candidates[0].Start, candidates[0].Score, 0, candidates);
        }
    }
}

public sealed class When_a_step_attacks_answers : IDisposable
{
    private static readonly (string, string)[] Texts =
    [
        ("who wrote it ?", "the story was written by a quiet man who lived near the sea for many years"),
        ("when ?", "it rains in the night and the film ends in the morning"),
        ("where do they talk ?", "twelve people talk in a room for two hours and nobody leaves"),
    ];

    private static readonly AttackSpec Spec = new()
    {
        Recipe = "deepwordbug",
        Seed = 3,
        Budget = 60,
    };

    private readonly AttackBench _bench = new("bert-question-answering");

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("train")]
    [InlineData("test")]
    public void The_answers_of_what_it_leaves_stand_in_their_contexts(string split)
    {
        var dataset = _bench.Questions(Texts);

        var output = _bench.Attack(dataset, Spec with { Split = split });

        var log = WireFormat.ReadLines<AttackedText>(_bench.PathOf(output.Files!["attacks.jsonl"])).ToList();
        Assert.Equal(Texts.Length, log.Count);
        Assert.All(log, one => Assert.NotEqual(AttackOutcome.Skipped, one.Outcome));
        Assert.All(log, one => Assert.Equal(one.Predicted, Assert.Single(one.Accepted!)));
        var broken = log.Where(one => one.Outcome is AttackOutcome.Successful).ToList();
        Assert.NotEmpty(broken);
        var left = _bench.Rows(output.Dataset!, split).Where(row => row.Origin is ExampleOrigin.Attacked).ToList();
        Assert.Equal(broken.Select(one => one.PerturbedB), left.Select(row => row.TextB));
        foreach (var row in left)
            Assert.NotNull(Assert.Single(Answers.Read(row.Label!)!).StartIn(row.TextB!));
        Assert.Equal(output.Files, _bench.Attack(dataset, Spec with { Split = split }).Files);
    }

    [Fact]
    public void Questions_without_an_answer_are_no_examples()
    {
        var dataset = _bench.Questions(Texts, answered: false);

        Assert.Contains(
            "no question with an answer",
            Assert.Throws<BadInputException>(() => _bench.Attack(dataset, Spec)).Message,
            StringComparison.Ordinal
        );
    }
}
