using TransferPipeline.Orchestration.Scenarios;

namespace TransferPipeline.Orchestration.Tests.Scenarios;

public sealed class When_a_matrix_is_unrolled
{
    [Fact]
    public void The_lists_are_crossed_with_the_last_key_running_fastest()
    {
        Assert.Equal(["a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y"], Cells("matrix: { a: [1, 2], b: [x, y] }"));
    }

    [Fact]
    public void What_exclude_names_is_taken_away_in_part_or_whole()
    {
        Assert.Equal(["a=2 b=y"], Cells("matrix: { a: [1, 2], b: [x, y], exclude: [{ a: 1 }, { a: 2, b: x }] }"));
    }

    // The example of GitHub's documentation of matrix strategies.
    [Fact]
    public void Include_joins_where_it_overwrites_nothing_and_is_a_cell_of_its_own_elsewhere()
    {
        const string matrix = """
            matrix:
              fruit: [apple, pear]
              animal: [cat, dog]
              include:
                - color: green
                - color: pink
                  animal: cat
                - fruit: apple
                  shape: circle
                - fruit: banana
                - fruit: banana
                  animal: cat
            """;
        Assert.Equal(
            [
                "fruit=apple animal=cat color=pink shape=circle",
                "fruit=apple animal=dog color=green shape=circle",
                "fruit=pear animal=cat color=pink",
                "fruit=pear animal=dog color=green",
                "fruit=banana",
                "fruit=banana animal=cat",
            ],
            Cells(matrix)
        );
    }

    [Fact]
    public void Include_alone_lists_the_cells()
    {
        Assert.Equal(["a=1 b=x", "a=2"], Cells("matrix: { include: [{ a: 1, b: x }, { a: 2 }] }"));
    }

    [Fact]
    public void A_step_runs_once_per_distinct_part_that_reaches_it()
    {
        const string steps = """
            name: study
            matrix: { labels: [8, 16], seed: [1, 2], dropout: [0, 0.1] }
            steps:
              once: { uses: pretrain, with: { dataset: d, config: c } }
              few: { uses: sample, with: { dataset: d, perClass: "${matrix.labels}", seed: "${matrix.seed}" } }
              svm: { uses: baseline, with: { algorithm: linear-svm, dataset: "${steps.few}" } }
              tuned: { uses: fine-tune, with: { model: "${steps.once}", dataset: "${steps.few}", dropout: "${matrix.dropout}" } }
              scores: { uses: evaluate, with: { models: ["${steps.svm}", "${steps.tuned}"] } }
            """;
        var unrolled = ScenarioLoader.Load(steps, "study.yaml", []).Steps;

        var counts = unrolled.GroupBy(step => step.Name).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(
            (1, 4, 4, 8, 8),
            (counts["once"], counts["few"], counts["svm"], counts["tuned"], counts["scores"])
        );
        var last = unrolled.Last(step => step.Name == "scores");
        Assert.Equal(
            ["svm 3", "tuned 7", "few 3"],
            last.Inputs.Select(input => $"{input.From!.Name} {input.From.Index}")
        );
        Assert.Equal("dataset", last.Inputs[^1].Name);
    }

    [Fact]
    public void A_value_that_only_some_cells_have_is_left_out_elsewhere()
    {
        const string steps = """
            name: study
            matrix: { labels: [8, full], include: [{ labels: full, rate: 3e-5 }] }
            steps:
              few: { uses: sample, with: { dataset: d, perClass: "${matrix.labels}" } }
              tuned: { uses: fine-tune, with: { model: m, dataset: "${steps.few}", learningRate: "${matrix.rate}" } }
            """;
        var tuned = ScenarioLoader.Load(steps, "study.yaml", []).Steps.Where(step => step.Name == "tuned");

        Assert.Equal(
            [5e-5, 3e-5],
            tuned.Select(step => ((TransferPipeline.Contracts.Steps.FineTuningSpec)step.Spec).LearningRate)
        );
    }

    [Fact]
    public void Models_are_scored_on_the_nearest_dataset_that_all_were_trained_from()
    {
        const string steps = """
            name: study
            steps:
              few: { uses: sample, with: { dataset: d, perClass: 8 } }
              fewer: { uses: sample, with: { dataset: "${steps.few}", perClass: 4 } }
              a: { uses: baseline, with: { algorithm: majority, dataset: "${steps.few}" } }
              b: { uses: baseline, with: { algorithm: majority, dataset: "${steps.fewer}" } }
              scores: { uses: evaluate, with: { models: ["${steps.b}", "${steps.a}"] } }
              alone: { uses: evaluate, with: { models: ["${steps.b}"] } }
            """;
        var unrolled = ScenarioLoader.Load(steps, "study.yaml", []).Steps;

        Assert.Equal("few", unrolled.Single(step => step.Name == "scores").Inputs[^1].From!.Name);
        Assert.Equal("fewer", unrolled.Single(step => step.Name == "alone").Inputs[^1].From!.Name);
    }

    [Fact]
    public void Models_of_unrelated_datasets_need_one_to_be_scored_on()
    {
        const string steps = """
            name: study
            steps:
              a: { uses: baseline, with: { algorithm: majority, dataset: x } }
              b: { uses: baseline, with: { algorithm: majority, dataset: y } }
              scores: { uses: evaluate, with: { models: ["${steps.a}", "${steps.b}"] } }
            """;
        var problem = Assert.Throws<TransferPipeline.Contracts.BadInputException>(() =>
            ScenarioLoader.Load(steps, "study.yaml", [])
        );
        Assert.StartsWith("study.yaml:5:3: steps.scores.with: 'dataset' is missing", problem.Message);
    }

    [Theory]
    [InlineData("tf-idf", 0, "tf-idf")]
    [InlineData("minilm", 1, "model")]
    public void A_word_may_stand_in_the_place_of_a_model(string features, int models, string parameter)
    {
        var steps = $$"""
            name: study
            steps:
              svm: { uses: baseline, with: { algorithm: linear-svm, dataset: d, features: {{features}} } }
            """;
        var svm = ScenarioLoader.Load(steps, "study.yaml", []).Steps.Single();

        Assert.Equal(models, svm.Inputs.Count(input => input.Name == "features"));
        Assert.Equal(parameter, ((TransferPipeline.Contracts.Steps.BaselineSpec)svm.Spec).Features);
    }

    [Fact]
    public void Every_scenario_of_the_repository_is_right()
    {
        var folder = Path.Combine(TransferPipeline.TestKit.GoldenFolders.RepositoryRoot, "scenarios");
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml"))
        {
            var text = File.ReadAllText(file);
            Assert.NotEmpty(ScenarioLoader.Load(text, file, [.. Missing(text).Select(Given)]).Steps);
        }
    }

    private static string Given(string input) =>
        input switch
        {
            "classBalance" => "classBalance=a=0.5,b=0.5",
            "pool" => "pool=1000",
            "inDocuments" => "inDocuments=1",
            _ => $"{input}=given",
        };

    /// <summary>Inputs without a value.</summary>
    private static IEnumerable<string> Missing(string text) =>
        text.Split('\n')
            .SkipWhile(line => !line.StartsWith("inputs:", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal))
            .Select(line => line.Split('#')[0].Trim())
            .Where(line => line.EndsWith(':'))
            .Select(line => line.TrimEnd(':'));

    private static IEnumerable<string> Cells(string matrix) =>
        ScenarioLoader
            .Load(
                $"name: study\n{matrix}\nsteps: {{ few: {{ uses: sample, with: {{ dataset: d, perClass: 8 }} }} }}",
                "study.yaml",
                []
            )
            .Scenario.Matrix.Combinations.Select(cell =>
                string.Join(' ', cell.Select(pair => $"{pair.Key}={pair.Value}"))
            );
}
