using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Scenarios;
using TransferPipeline.TestKit;

namespace TransferPipeline.Orchestration.Tests.Scenarios;

public sealed class When_a_scenario_is_read
{
    [Fact]
    public void The_example_of_the_readme_is_a_scenario()
    {
        var readme = File.ReadAllText(Path.Combine(GoldenFolders.RepositoryRoot, "README.md"));
        var example = readme.Split("```yaml")[1].Split("```")[0];

        Assert.Equal(4 * 9, ScenarioLoader.Load(example, "README.md", []).Steps.Count);
    }

    [Fact]
    public void The_limited_labels_study_unrolls_over_budgets_and_seeds()
    {
        var text = File.ReadAllText(Path.Combine(GoldenFolders.RepositoryRoot, "scenarios", "limited-labels.yaml"));
        var loaded = ScenarioLoader.Load(text, "limited-labels.yaml", ["dataset=sst2", "model=minilm"]);

        Assert.Equal(10 * 25, loaded.Steps.Count);
        Assert.All(loaded.Steps, step => Assert.Equal(["labelsPerClass", "seed"], step.Cell.Keys));
        var scores = loaded.Steps.Last(step => step.Name == "scores");
        Assert.Equal(24, scores.Index);
        Assert.Equal(("full", "100"), (scores.Cell["labelsPerClass"], scores.Cell["seed"]));
        Assert.Equal(
            [
                "tuned",
                "frozen",
                "random-weights",
                "svm",
                "forest",
                "svm-embeddings",
                "forest-embeddings",
                "majority",
                "few",
            ],
            scores.Inputs.Select(input => input.From!.Name)
        );
        Assert.All(scores.Inputs, input => Assert.Equal(24, input.From!.Index));
        Assert.DoesNotContain(loaded.Steps[0].Inputs, input => input.Name == "rows");
    }

    [Fact]
    public void An_input_that_was_not_given_is_left_out_and_a_given_one_is_not()
    {
        var text = File.ReadAllText(Path.Combine(GoldenFolders.RepositoryRoot, "scenarios", "limited-labels.yaml"));
        var loaded = ScenarioLoader.Load(
            text,
            "limited-labels.yaml",
            ["dataset=sst2", "model=minilm", "rows=samples.json", "preset=quick", "seed=42"]
        );

        Assert.Equal("quick", loaded.Scenario.Preset);
        Assert.Equal(["16", "64"], loaded.Scenario.Matrix.Combinations.Select(cell => cell["labelsPerClass"]));
        Assert.All(loaded.Scenario.Matrix.Combinations, cell => Assert.Equal("42", cell["seed"]));
        Assert.Equal("samples.json", loaded.Steps[0].Inputs.Single(input => input.Name == "rows").Given);
    }
}

public sealed class When_a_scenario_is_wrong
{
    private const string Right = """
        name: study
        inputs: { dataset: reviews, model: minilm, rows: }
        matrix: { labelsPerClass: [8, full], seed: [1, 2] }
        steps:
          few: { uses: sample, with: { dataset: "${inputs.dataset}", perClass: "${matrix.labelsPerClass}" } }
          tuned: { uses: fine-tune, with: { model: "${inputs.model}", dataset: "${steps.few}", seed: "${matrix.seed}" } }
          svm: { uses: baseline, with: { algorithm: linear-svm, dataset: "${steps.few}" } }
          scores: { uses: evaluate, with: { models: ["${steps.tuned}", "${steps.svm}"] } }
        report: { compare: [tuned, svm], curve: { x: labelsPerClass, y: accuracy } }
        presets: { quick: { matrix: { seed: [1] } } }
        """;

    [Fact]
    public void The_right_one_is_accepted()
    {
        Assert.Equal(2 + 4 + 2 + 4, ScenarioLoader.Load(Right, "study.yaml", []).Steps.Count);
    }

    [Theory]
    // what is written           what it becomes               the place and the message
    [InlineData("name: study", "nmae: study", "1:1: scenario: unknown key 'nmae', did you mean 'name'?")]
    [InlineData("name: study", "nmae: study", "1:1: name: is missing; expected the scenario's name")]
    [InlineData("name: study", "name: a study", "1:7: name: 'a study' is no name; expected letters")]
    [InlineData("name: study", "name: [study", "this is not YAML: something is opened here and not closed")]
    [InlineData("name: study", "name: study\nname: study", "2:1: this is not YAML: Duplicate key name")]
    [InlineData("rows: }", "rows: [a] }", "2:50: inputs.rows: a list is of the wrong type; expected one value")]
    [InlineData("[8, full]", "8", "3:27: matrix.labelsPerClass: '8' is of the wrong type; expected a list of values")]
    [InlineData("[8, full]", "[]", "3:27: matrix.labelsPerClass: 'labelsPerClass' has no values")]
    [InlineData("[8, full]", "[8, 8]", "3:31: matrix.labelsPerClass: '8' stands there twice")]
    [InlineData("seed: [1, 2]", "model: [1, 2]", "3:38: matrix: 'model' is an input too; expected another name")]
    [InlineData(
        "seed: [1, 2] }",
        "seed: [1], exclude: [{ sed: 1 }] }",
        "matrix.exclude: unknown matrix key 'sed', did you mean 'seed'?"
    )]
    [InlineData("seed: [1, 2] }", "seed: [1], exclude: [{ seed: 1 }] }", "matrix.exclude: leaves no combination")]
    [InlineData(
        "uses: sample",
        "uses: sampel",
        "5:16: steps.few.uses: unknown kind of step 'sampel', did you mean 'sample'?"
    )]
    [InlineData(
        "uses: sample, with",
        "with",
        "5:3: steps.few: 'uses' is missing; expected one of sample, corrupt, clean-labels"
    )]
    [InlineData(
        "uses: sample, with",
        "uses: sample, wiht",
        "5:24: steps.few: unknown key 'wiht', did you mean 'with'?"
    )]
    [InlineData(
        "uses: sample, with",
        "uses: sample, device: cuda, with",
        "steps.few.device: a step of kind sample uses no device"
    )]
    [InlineData(
        "uses: fine-tune, with",
        "uses: fine-tune, device: gpu, with",
        "steps.tuned.device: expected cpu or cuda"
    )]
    [InlineData("perClass:", "perclass:", "5:62: steps.few.with: unknown key 'perclass', did you mean 'perClass'?")]
    [InlineData(
        "\"${matrix.labelsPerClass}\"",
        "some",
        "steps.few.with.perClass: 'some' does not fit; expected a count, or full"
    )]
    [InlineData(
        "perClass:",
        "fraction:",
        "steps.few.with.fraction: 'full' is of the wrong type; expected a number from 0 to 1"
    )]
    [InlineData(
        "perClass: \"${matrix.labelsPerClass}\"",
        "fraction: 1.5",
        "steps.few.with.fraction: '1.5' does not fit; expected a number from 0 to 1"
    )]
    [InlineData(
        "perClass: \"${matrix.labelsPerClass}\"",
        "seed: 1",
        "5:3: steps.few.with: 'perClass' or 'fraction' is missing"
    )]
    [InlineData("perClass:", "fraction: 0.5, perClass:", "steps.few.with: 'perClass' and 'fraction' are both given")]
    [InlineData(
        "perClass: \"${matrix.labelsPerClass}\"",
        "perClass: 8, dev: sam",
        "steps.few.with.dev: unknown value 'sam', did you mean 'same'? (expected one of same, full, none)"
    )]
    [InlineData(
        "seed: \"${matrix.seed}\"",
        "updates: many",
        "6:97: steps.tuned.with.updates: 'many' is of the wrong type; expected a whole number of at least 1"
    )]
    [InlineData(
        "seed: \"${matrix.seed}\"",
        "updates: 0",
        "steps.tuned.with.updates: '0' does not fit; expected a whole number of at least 1"
    )]
    [InlineData("seed: \"${matrix.seed}\"", "updates: [1]", "steps.tuned.with.updates: a list is of the wrong type")]
    [InlineData(
        "seed: \"${matrix.seed}\"",
        "seed: \"${steps.svm}\"",
        "steps.tuned.with.seed: takes a value, not what step 'svm' gives"
    )]
    [InlineData(
        "seed: \"${matrix.seed}\"",
        "seed: \"${matrix.sed}\"",
        "steps.tuned.with.seed: unknown matrix key 'sed', did you mean 'seed'?"
    )]
    [InlineData(
        "seed: \"${matrix.seed}\"",
        "seed: \"${{ matrix.seed }}\"",
        "steps.tuned.with.seed: '${{ matrix.seed }' is no expression; expected ${inputs.NAME}"
    )]
    [InlineData(
        "seed: \"${matrix.seed}\"",
        "seed: \"${matrix.seed\"",
        "steps.tuned.with.seed: '${matrix.seed' is no expression"
    )]
    [InlineData(
        "${inputs.model}",
        "${inputs.modle}",
        "6:44: steps.tuned.with.model: unknown input 'modle', did you mean 'model'?"
    )]
    [InlineData(
        "${inputs.model}",
        "${inputs.rows}",
        "6:3: steps.tuned.with: 'model' needs the input 'rows', which has no value; expected --set rows=…"
    )]
    [InlineData(
        "${inputs.model}",
        "${steps.few}",
        "steps.tuned.with.model: step 'few' gives dataset; expected a model"
    )]
    [InlineData("model: \"${inputs.model}\", ", "", "6:3: steps.tuned.with: 'model' is missing; expected a model")]
    [InlineData(
        "dataset: \"${steps.few}\", seed",
        "dataset: \"${steps.fwe}\", seed",
        "steps.tuned.with.dataset: unknown step 'fwe', did you mean 'few'?"
    )]
    [InlineData(
        "dataset: \"${steps.few}\", seed",
        "dataset: \"a-${steps.few}\", seed",
        "steps.tuned.with.dataset: expected ${steps.few} and nothing beside it"
    )]
    [InlineData(
        "algorithm: linear-svm, ",
        "",
        "7:3: steps.svm.with: 'algorithm' is missing; expected one of linear-svm"
    )]
    [InlineData(
        "[\"${steps.tuned}\", \"${steps.svm}\"]",
        "\"${steps.tuned}\"",
        "steps.scores.with.models: '${steps.tuned}' is of the wrong type; expected a list of models"
    )]
    [InlineData(
        "\"${steps.svm}\"] }",
        "\"${steps.scores}\"] }",
        "steps.scores: the steps need each other in a circle: scores → scores"
    )]
    [InlineData(
        "${inputs.dataset}",
        "${steps.few}",
        "5:3: steps.few: the steps need each other in a circle: few → few"
    )]
    [InlineData(
        "[tuned, svm]",
        "[tuned, smv]",
        "9:28: report.compare: unknown evaluated step 'smv', did you mean 'svm'?"
    )]
    [InlineData("[tuned, svm]", "[tuned]", "9:20: report.compare: names one step; expected at least two")]
    [InlineData("x: labelsPerClass", "x: labels", "report.curve.x: unknown matrix key 'labels'")]
    [InlineData("y: accuracy", "y: acuracy", "report.curve.y: unknown value 'acuracy', did you mean 'accuracy'?")]
    [InlineData("y: accuracy", "z: accuracy", "report.curve: 'y' is missing")]
    [InlineData(
        "quick: { matrix: { seed",
        "quick: { matrix: { sed",
        "presets.quick.matrix: unknown matrix key 'sed', did you mean 'seed'?"
    )]
    [InlineData("quick: { matrix", "quick: { matirx", "presets.quick: unknown key 'matirx', did you mean 'matrix'?")]
    public void The_message_names_the_place_and_what_was_expected(string written, string wrong, string message)
    {
        Assert.Contains(written, Right, StringComparison.Ordinal);
        var problem = Assert.Throws<BadInputException>(() =>
            ScenarioLoader.Load(Right.Replace(written, wrong, StringComparison.Ordinal), "study.yaml", [])
        );
        Assert.Contains(
            problem.Problems,
            found =>
                found.StartsWith("study.yaml:", StringComparison.Ordinal)
                && found.Contains(message, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("sed=1", "--set sed=1: --set: unknown input or matrix key 'sed', did you mean 'seed'?")]
    [InlineData("seed", "--set seed: --set: expected key=value")]
    [InlineData("seed=1,1", "--set seed=1,1: matrix.seed: '1' stands there twice")]
    [InlineData("seed=", "--set seed=: matrix.seed: nothing is of the wrong type; expected one value")]
    [InlineData("seed=x", "6:94: steps.tuned.with.seed: 'x' is of the wrong type; expected a whole number")]
    [InlineData("preset=quik", "--set preset=quik: --set: unknown preset 'quik', did you mean 'quick'?")]
    public void Overrides_are_checked_too(string given, string message)
    {
        var problem = Assert.Throws<BadInputException>(() => ScenarioLoader.Load(Right, "study.yaml", [given]));
        Assert.Contains(problem.Problems, found => found.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void All_problems_are_told_at_once_in_the_order_of_the_file()
    {
        var wrong = Right.Replace("perClass:", "perclass:").Replace("linear-svm", "linear").Replace("name:", "nmae:");
        var problem = Assert.Throws<BadInputException>(() => ScenarioLoader.Load(wrong, "study.yaml", ["sed=1"]));

        string[] starts =
        [
            "study.yaml:1:1",
            "study.yaml:1:1",
            "study.yaml:5:3",
            "study.yaml:5:62",
            "study.yaml:7:45",
            "--set",
        ];
        Assert.Equal(starts.Length, problem.Problems.Count);
        Assert.All(starts.Zip(problem.Problems), pair => Assert.StartsWith(pair.First, pair.Second));
    }

    [Theory]
    [InlineData("uses: synthesize, with: { dataset: d, method: k-means-mask-fill }", "'model' is missing")]
    [InlineData("uses: rewrite, with: { dataset: d, method: masked-model }", "'model' is missing")]
    [InlineData("uses: rewrite, with: { dataset: d }", "'lexicons' is missing, which method eda needs")]
    [InlineData("uses: label, with: { dataset: d }", "nothing votes; expected 'functions', a 'voteFile', or both")]
    [InlineData(
        "uses: label, with: { dataset: d, functions: f, votes: [a] }",
        "and there is none; expected 'voteFile'"
    )]
    [InlineData("uses: fine-tune, with: { model: m, dataset: d, clusters: c }", "'mixup' is missing")]
    [InlineData(
        "uses: fine-tune, with: { model: m, dataset: d, mixup: 1, strategy: frozen }",
        "'mixup' mixes the texts of"
    )]
    [InlineData("uses: fine-tune, with: { model: m, dataset: d, mixup: 1, adversarial: vat }", "expected one of them")]
    public void Inputs_that_parameters_ask_for_are_missed_before_anything_runs(string step, string message)
    {
        var text = $"name: study\nsteps:\n  a: {{ {step} }}\n";
        var problem = Assert.Throws<BadInputException>(() => ScenarioLoader.Load(text, "study.yaml", []));
        Assert.StartsWith("study.yaml:3:", Assert.Single(problem.Problems));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_that_are_there_are_not_missed()
    {
        const string text = """
            name: study
            steps:
              a: { uses: rewrite, with: { dataset: d, lexicons: [wordnet] } }
              b: { uses: label, with: { dataset: d, voteFile: v, votes: [a] } }
              c: { uses: fine-tune, with: { model: m, clusters: "${steps.a}", dataset: d, mixup: 0 } }
              d: { uses: evaluate, with: { models: ["${steps.c}"] } }
            """;
        var scores = ScenarioLoader.Load(text, "study.yaml", []).Steps[^1];

        // What a model was trained on, not its clusters.
        Assert.Equal("d", scores.Inputs.Single(input => input.Name == "dataset").Given);
    }

    [Fact]
    public void A_circle_of_steps_is_spelt_out()
    {
        const string circle = """
            name: circle
            steps:
              a: { uses: fine-tune, with: { model: "${steps.c}", dataset: d } }
              b: { uses: fine-tune, with: { model: "${steps.a}", dataset: d } }
              c: { uses: fine-tune, with: { model: "${steps.b}", dataset: d } }
            """;
        var problem = Assert.Throws<BadInputException>(() => ScenarioLoader.Load(circle, "circle.yaml", []));
        Assert.Equal(
            ["circle.yaml:3:3: steps.a: the steps need each other in a circle: a → c → b → a"],
            problem.Problems
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("just text")]
    [InlineData("- a\n- b")]
    public void What_is_no_scenario_at_all_is_refused(string text)
    {
        var problem = Assert.Throws<BadInputException>(() => ScenarioLoader.Load(text, "study.yaml", []));
        Assert.StartsWith("study.yaml:1:1: expected a scenario", problem.Message);
    }

    [Fact]
    public void A_file_that_unfolds_without_end_is_refused()
    {
        var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
        for (var level = 'b'; level < 'i'; level++)
            text += $"{level}: &{level} [{string.Join(", ", Enumerable.Repeat("*" + (char)(level - 1), 10))}]\n";
        var problem = Assert.Throws<BadInputException>(() => ScenarioLoader.Load(text, "bomb.yaml", []));
        Assert.Contains("unfolds to more than", problem.Message, StringComparison.Ordinal);
    }
}
