using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Scenarios;

namespace TransferPipeline.Orchestration.Tests.Scenarios;

public sealed class When_candidates_are_gathered
{
    private const string Grid = """
        name: grid
        matrix: { labels: [8, 16], batch: [2, 4, 8], rate: [1e-5, 2e-5] }
        steps:
          few: { uses: sample, with: { dataset: d, perClass: "${matrix.labels}" } }
          tuned: { uses: fine-tune, with: { model: m, dataset: "${steps.few}", batch: "${matrix.batch}", learningRate: "${matrix.rate}" } }
          svm: { uses: baseline, with: { algorithm: linear-svm, dataset: "${steps.few}", c: "${matrix.batch}" } }
          best: { uses: select, with: { candidates: ["${steps.tuned}", "${steps.svm}"], over: [batch, rate], metric: macroF1 } }
          scores: { uses: evaluate, with: { models: ["${steps.best}"] } }
        """;

    [Fact]
    public void A_selection_runs_once_for_what_the_grid_leaves_and_so_does_what_refers_to_it()
    {
        var steps = ScenarioLoader.Load(Grid, "grid.yaml", []).Steps;

        Assert.Equal(12, steps.Count(step => step.Name == "tuned"));
        var selections = steps.Where(step => step.Name == "best").ToArray();
        Assert.Equal(["8", "16"], selections.Select(step => step.Cell["labels"]));
        Assert.All(selections, step => Assert.Equal(["labels"], step.Cell.Keys));
        Assert.Equal(2, steps.Count(step => step.Name == "scores"));
    }

    [Fact]
    public void Its_candidates_come_step_by_step_in_the_order_of_the_matrix()
    {
        var second = ScenarioLoader.Load(Grid, "grid.yaml", []).Steps.Last(step => step.Name == "best");

        Assert.Equal(
            [.. Enumerable.Range(0, 9).Select(number => $"candidates.{number}"), "dataset"],
            second.Inputs.Select(input => input.Name)
        );
        Assert.Equal(
            [
                "tuned 2 1e-5",
                "tuned 2 2e-5",
                "tuned 4 1e-5",
                "tuned 4 2e-5",
                "tuned 8 1e-5",
                "tuned 8 2e-5",
                "svm 2 ",
                "svm 4 ",
                "svm 8 ",
            ],
            second
                .Inputs.Select(input => input.From!)
                .Where(step => step.Name != "few")
                .Select(step => $"{step.Name} {step.Cell["batch"]} {step.Cell.GetValueOrDefault("rate")}")
        );
        Assert.All(second.Inputs, input => Assert.Equal("16", input.From!.Cell["labels"]));
        Assert.Equal("few", second.Inputs[^1].From!.Name);
    }

    [Fact]
    public void What_is_scored_is_the_dataset_of_the_candidates()
    {
        var scores = ScenarioLoader.Load(Grid, "grid.yaml", []).Steps.Last(step => step.Name == "scores");
        Assert.Equal(["best", "few"], scores.Inputs.Select(input => input.From!.Name));
    }

    [Fact]
    public void Without_keys_to_gather_over_it_chooses_among_the_steps_of_its_cell()
    {
        var steps = ScenarioLoader.Load(Grid.Replace(", over: [batch, rate]", ""), "grid.yaml", []).Steps;

        var selections = steps.Where(step => step.Name == "best").ToArray();
        Assert.Equal(12, selections.Length);
        Assert.All(
            selections,
            step => Assert.Equal(["tuned", "svm", "few"], step.Inputs.Select(input => input.From!.Name))
        );
    }

    [Fact]
    public void Models_given_by_name_stand_beside_those_of_steps()
    {
        var text = Grid.Replace("\"${steps.svm}\"", "mine");
        var best = ScenarioLoader.Load(text, "grid.yaml", []).Steps.First(step => step.Name == "best");
        Assert.Equal(("candidates.6", "mine"), (best.Inputs[6].Name, best.Inputs[6].Given));
    }

    [Theory]
    [InlineData(
        "over: [batch, rate]",
        "over: [bach]",
        "7:88: steps.best.with.over: unknown matrix key 'bach', did you mean 'batch'?"
    )]
    [InlineData(
        "over: [batch, rate]",
        "over: batch",
        "steps.best.with.over: 'batch' is of the wrong type; expected a list of words"
    )]
    [InlineData(
        "[\"${steps.tuned}\", \"${steps.svm}\"], over: [batch, rate]",
        "[\"${steps.svm}\"], over: [batch, rate]",
        "7:3: steps.best.with.over: no candidate runs over 'rate'; expected a key that reaches one"
    )]
    [InlineData("metric: macroF1", "dataset: \"${steps.few}\", over: [labels]", "this is not YAML: Duplicate key over")]
    [InlineData(
        "over: [batch, rate], metric: macroF1",
        "over: [labels], dataset: \"${steps.few}\"",
        "steps.best.with.dataset: step 'few' runs once for each 'labels', which only candidates are gathered over"
    )]
    [InlineData(
        "metric: macroF1",
        "metric: \"${matrix.batch}\"",
        "steps.best.with.metric: 'batch' is gathered over; it has no one value here"
    )]
    [InlineData("metric: macroF1", "split: test", "steps.best.with.split: unknown value 'test' (expected one of dev)")]
    [InlineData(
        "metric: macroF1",
        "metric: acuracy",
        "steps.best.with.metric: unknown value 'acuracy', did you mean 'accuracy'?"
    )]
    public void The_message_names_the_place_and_what_was_expected(string written, string wrong, string message)
    {
        Assert.Contains(written, Grid, StringComparison.Ordinal);
        var problem = Assert.Throws<BadInputException>(() =>
            ScenarioLoader.Load(Grid.Replace(written, wrong, StringComparison.Ordinal), "grid.yaml", [])
        );
        Assert.Contains(problem.Problems, found => found.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void What_it_is_told_stands_in_its_parameters()
    {
        var spec = (SelectionSpec)
            ScenarioLoader.Load(Grid, "grid.yaml", []).Steps.First(step => step.Name == "best").Spec;
        Assert.Equal(["batch", "rate"], spec.Over);
        Assert.Equal(("macroF1", "dev"), (spec.Metric, spec.Split));
    }
}
