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
    [InlineData("parts: [a]", "unknown key 'parts'")]
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
    [InlineData("recipe: deepwordbgu", "expected one of a2t-neighbours, checklist-lists, deepwordbug")]
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
