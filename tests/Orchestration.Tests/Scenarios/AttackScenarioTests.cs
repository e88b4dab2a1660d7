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
