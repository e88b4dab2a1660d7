using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Scenarios;

namespace TransferPipeline.Orchestration.Tests.Scenarios;

public sealed class When_a_scenario_attacks_a_model
{
    private const string Start = """
        name: study
        steps:
          svm: { uses: baseline, with: { algorithm: linear-svm, dataset: reviews } }

        """;

    [Fact]
    public void Its_evaluation_takes_what_the_attack_found_out()
    {
        var steps = Load(
            """
              attacked: { uses: attack, with: { model: "${steps.svm}", dataset: reviews, recipe: pwws, lexicons: [wordnet] } }
              scores: { uses: evaluate, with: { models: ["${steps.svm}"], attacks: ["${steps.attacked}"] } }
            """
        );

        var attack = steps.Single(step => step.Name == "attacked");
        Assert.Equal("pwws", ((AttackSpec)attack.Spec).Recipe);
        Assert.Equal(InputKind.Lexicon, attack.Inputs.Single(input => input.Name == "lexicons.0").Kind);
        var scores = steps.Single(step => step.Name == "scores");
        Assert.Equal(attack, scores.Inputs.Single(input => input.Name == "attacks.0").From);
    }

    [Fact]
    public void Parts_of_it_are_steps_and_the_whole_stands_behind_them()
    {
        var steps = Load(
            """
              attacked: { uses: attack, with: { model: "${steps.svm}", dataset: reviews, recipe: pruthi, shards: 3 } }
              scores: { uses: evaluate, with: { models: ["${steps.svm}"], attacks: ["${steps.attacked}"] } }
            """
        );

        Assert.Equal(
            ["svm", "attacked-part-1", "attacked-part-2", "attacked-part-3", "attacked", "scores"],
            steps.Select(step => step.Name)
        );
        var whole = steps[4];
        Assert.Equal(
            steps.Skip(1).Take(3),
            whole.Inputs.Where(input => input.Kind is InputKind.Attack).Select(i => i.From)
        );
        Assert.Equal([0, 1, 2, null], steps.Skip(1).Take(4).Select(step => ((AttackSpec)step.Spec).Shard));
        Assert.Equal(whole, steps[5].Inputs.Single(input => input.Name == "attacks.0").From);
    }

    [Theory]
    [InlineData("shard: 1", "unknown key 'shard'")]
    [InlineData("pieces: [a]", "unknown key 'pieces'")]
    [InlineData("shards: 1", "expected a whole number from 2 to 64")]
    public void What_parts_there_are_says_the_number_of_shards_alone(string with, string message) =>
        Assert.Contains(
            message,
            Assert
                .Throws<BadInputException>(() =>
                    Load(
                        $"  attacked: {{ uses: attack, with: {{ model: m, dataset: reviews, recipe: pruthi, {with} }} }}"
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_step_that_is_called_as_a_part_would_be_is_refused() =>
        Assert.Contains(
            "a part would be called 'attacked-part-2', as another step is",
            Assert
                .Throws<BadInputException>(() =>
                    Load(
                        """
                          attacked-part-2: { uses: sample, with: { dataset: reviews, perClass: 8 } }
                          attacked: { uses: attack, with: { model: "${steps.svm}", dataset: reviews, recipe: pruthi, shards: 2 } }
                        """
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("recipe: pwws", "recipe pwws needs a pack of kind wordnet among 'lexicons'")]
    [InlineData("recipe: deepwordbgu", "did you mean 'deepwordbug'? (expected one of a2t-gradient-neighbours,")]
    [InlineData(
        "recipe: bae, lexicons: [wordnet], encoder: e",
        "recipe bae needs a masked language model; expected a registered model with that head as 'maskedModel'"
    )]
    [InlineData(
        "recipe: clare, maskedModel: m",
        "recipe clare needs a sentence encoder; expected a registered model as 'encoder'"
    )]
    [InlineData("recipe: [pwws]", "a list is of the wrong type; expected one of a2t-gradient-neighbours")]
    [InlineData("recipe: {}", "steps.attacked.with.recipe: 'transformation' is missing")]
    [InlineData("recipe: { transformation: {} }", "recipe.transformation: changes nothing; expected at least one part")]
    [InlineData("recipe: { transformation: { characters: [swpa] } }", "unknown value 'swpa', did you mean 'swap'?")]
    [InlineData("recipe: { transformation: { neighbour: 5 } }", "unknown key 'neighbour', did you mean 'neighbours'?")]
    [InlineData(
        "recipe: { transformation: { neighbours: 5 } }",
        "recipe own needs a pack of kind neighbours among 'lexicons'"
    )]
    [InlineData("recipe: { goal: untargetd, transformation: { delete: true } }", "did you mean 'untargeted'?")]
    [InlineData(
        "recipe: { goal: targeted, transformation: { delete: true } }",
        "'target' and goal targeted belong together"
    )]
    [InlineData(
        "recipe: { goal: lower-score, transformation: { delete: true } }",
        "'below' and goal lower-score belong together"
    )]
    [InlineData(
        "recipe: { goal: input-reduction, transformation: { numbers: 2 } }",
        "cannot use 'numbers'; expected 'delete: true' alone"
    )]
    [InlineData(
        "recipe: { transformation: { delete: true }, search: { kind: genetic } }",
        "search genetic recombines texts word by word and cannot use 'delete'"
    )]
    [InlineData("recipe: { transformation: { delete: true }, search: { kind: beem } }", "did you mean 'beam'?")]
    [InlineData(
        "recipe: { transformation: { delete: true }, search: { width: 4 } }",
        "search greedy has no 'width'; it belongs to beam"
    )]
    [InlineData(
        "recipe: { transformation: { delete: true }, search: { kind: genetic, population: 2 } }",
        "'2' does not fit; expected a whole number from 4 to 10000"
    )]
    [InlineData(
        "recipe: { transformation: { delete: true }, constraints: { share: 1.5 } }",
        "'1.5' does not fit; expected a number from 0.001 to 1"
    )]
    [InlineData(
        "recipe: { transformation: { delete: true }, constraints: { window: 15 } }",
        "expected 'leastSimilarity' beside them"
    )]
    [InlineData("recipe: { transformation: { delete: true, keepFirst: true } }", "expected 'characters' beside them")]
    [InlineData("budget: 5", "'recipe' is missing")]
    [InlineData("recipe: pruthi, budget: 0", "budget")]
    public void What_is_wrong_is_said_before_anything_runs(string with, string message) =>
        Assert.Contains(
            message,
            Assert
                .Throws<BadInputException>(() =>
                    Load($"  attacked: {{ uses: attack, with: {{ model: m, dataset: reviews, {with} }} }}")
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("adversarial: pgd", "expected one of freelb, vat")]
    [InlineData("adversarial: vat, strategy: frozen", "'adversarial' moves the embeddings of plain fine-tuning")]
    [InlineData("adversarial: vat, adversarialStart: 1", "'adversarialStart' says how 'adversarial: freelb' goes")]
    [InlineData("adversarialSteps: 2", "'adversarialSteps' says how 'adversarial: freelb' or 'vat' goes")]
    public void Adversarial_training_is_checked_too(string with, string message) =>
        Assert.Contains(
            message,
            Assert
                .Throws<BadInputException>(() =>
                    Load($"  tuned: {{ uses: fine-tune, with: {{ model: m, dataset: reviews, {with} }} }}")
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_recipe_can_be_written_as_its_parts()
    {
        var steps = Load(
            """
              attacked:
                uses: attack
                with:
                  model: m
                  dataset: reviews
                  lexicons: [neighbours]
                  encoder: e
                  recipe:
                    name: nearest
                    transformation: { neighbours: 50, characters: [swap, keys], keepFirst: true }
                    constraints: { noRepeats: true, leastSimilarity: 0.8, window: 15 }
                    search: { kind: beam, width: 4 }
            """
        );

        var attack = steps.Single(step => step.Name == "attacked");
        var spec = (AttackSpec)attack.Spec;
        Assert.Equal("nearest", spec.RecipeName());
        Assert.Equal(["swap", "keys"], spec.Parts!.Transformation.Characters);
        Assert.Equal((50, true), (spec.Parts.Transformation.Neighbours, spec.Parts.Transformation.KeepFirst));
        Assert.Equal((0.8, 15), (spec.Parts.Constraints.LeastSimilarity, spec.Parts.Constraints.Window));
        Assert.Equal(("beam", 4), (spec.Parts.Search.Kind, spec.Parts.Search.Width));
        Assert.Equal(InputKind.Model, attack.Inputs.Single(input => input.Name == "encoder").Kind);
    }

    [Theory]
    [InlineData("hotflip, lexicons: [wordnet]", "recipe hotflip")]
    [InlineData("{ transformation: { gradient: 3 } }", "recipe own")]
    [InlineData(
        "{ transformation: { delete: true }, search: { kind: word-importance, importance: gradient } }",
        "recipe own"
    )]
    public void A_baseline_has_no_gradients(string recipe, string message) =>
        Assert.Contains(
            message + " follows the gradients of 'model', and a baseline has none; expected a fine-tuned transformer",
            Assert
                .Throws<BadInputException>(() =>
                    Load(
                        $"  attacked: {{ uses: attack, with: {{ model: \"${{steps.svm}}\", dataset: reviews, recipe: {recipe} }} }}"
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Only_an_attack_gives_an_attack() =>
        Assert.Contains(
            "expected an attack",
            Assert
                .Throws<BadInputException>(() =>
                    Load(
                        """
                          few: { uses: sample, with: { dataset: reviews, perClass: 8 } }
                          scores: { uses: evaluate, with: { models: ["${steps.svm}"], attacks: ["${steps.few}"] } }
                        """
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    private static IReadOnlyList<UnrolledStep> Load(string more) =>
        ScenarioLoader.Load(Start + more, "study.yaml", []).Steps;
}
