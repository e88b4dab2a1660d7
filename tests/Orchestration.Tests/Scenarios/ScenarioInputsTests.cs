using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Scenarios;

namespace TransferPipeline.Orchestration.Tests.Scenarios;

public sealed class When_a_scenario_is_given_other_inputs
{
    private const string Source = """
        name: data/reviews     # a name, no input
        inputs: { dataset: data/reviews, rows: &rows 'rows.json' }
        matrix:
          model: [models/a, "models/b", c]   # two folders and a name
        steps:
          few:   { uses: sample, with: { dataset: "${inputs.dataset}", perClass: 8, rows: *rows } }
          tuned: { uses: fine-tune, with: { model: "${matrix.model}", dataset: data/reviews } }
        """;

    private static readonly Dictionary<string, string> Replacements = new()
    {
        ["data/reviews"] = "reviews@2",
        ["models/a"] = "a@1",
        ["models/b"] = "b \"quoted\"",
        ["rows.json"] = "sha256:00",
    };

    [Fact]
    public void All_that_comes_from_outside_is_listed_once() =>
        Assert.Equal(
            [
                (InputKind.Dataset, "data/reviews"),
                (InputKind.File, "rows.json"),
                (InputKind.Model, "c"),
                (InputKind.Model, "models/a"),
                (InputKind.Model, "models/b"),
            ],
            ScenarioInputs
                .Of(Source.Replace("name: data/reviews", "name: study", StringComparison.Ordinal), "s.yaml", [])
                .OrderBy(input => $"{input.Kind} {input.Text}", StringComparer.Ordinal)
        );

    [Fact]
    public void Values_are_replaced_and_names_keys_and_comments_stay() =>
        Assert.Equal(
            """
            name: data/reviews     # a name, no input
            inputs: { dataset: "reviews@2", rows: &rows "sha256:00" }
            matrix:
              model: ["a@1", "b \u0022quoted\u0022", c]   # two folders and a name
            steps:
              few:   { uses: sample, with: { dataset: "${inputs.dataset}", perClass: 8, rows: *rows } }
              tuned: { uses: fine-tune, with: { model: "${matrix.model}", dataset: "reviews@2" } }
            """,
            ScenarioInputs.Replace(Source, Replacements)
        );

    [Fact]
    public void The_replaced_scenario_is_given_the_new_inputs()
    {
        var source = Source.Replace("name: data/reviews", "name: study", StringComparison.Ordinal);

        var inputs = ScenarioInputs.Of(ScenarioInputs.Replace(source, Replacements), "s.yaml", []);

        Assert.Equal(
            ["a@1", "b \"quoted\"", "c", "reviews@2", "sha256:00"],
            inputs.Select(input => input.Text).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("dataset=data/reviews", "dataset=reviews@2")]
    [InlineData("model=models/a, c,models/a", "model=a@1, c,a@1")]
    [InlineData("seed=13,21", "seed=13,21")]
    [InlineData("data/reviews", "data/reviews")]
    [InlineData("note=a=data/reviews", "note=a=data/reviews")]
    public void Overrides_are_replaced_whole_or_item_by_item(string given, string expected) =>
        Assert.Equal([expected], ScenarioInputs.Replace([given], Replacements));

    [Fact]
    public void Overrides_name_inputs_too() =>
        Assert.Equal(
            [(InputKind.Dataset, "here.csv"), (InputKind.Dataset, "data/reviews")],
            ScenarioInputs
                .Of(
                    Source.Replace("name: data/reviews", "name: study", StringComparison.Ordinal),
                    "s.yaml",
                    ["dataset=here.csv"]
                )
                .Where(input => input.Kind == InputKind.Dataset)
        );

    [Fact]
    public void What_is_wrong_is_told_with_its_place()
    {
        var wrong = Assert.Throws<BadInputException>(() => ScenarioInputs.Of(Source, "s.yaml", ["modle=a"]));

        Assert.Contains(wrong.Problems, problem => problem.StartsWith("s.yaml:1:7", StringComparison.Ordinal));
        Assert.Contains(wrong.Problems, problem => problem.Contains("modle", StringComparison.Ordinal));
    }
}
