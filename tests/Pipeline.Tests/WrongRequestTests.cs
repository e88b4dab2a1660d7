namespace TransferPipeline.Pipeline.Tests;

public sealed class When_a_request_is_wrong : IDisposable
{
    private readonly StudyFolder _study = new();

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("no-such-command")]
    [InlineData("run")]
    [InlineData("run", "no-such-file.yaml")]
    [InlineData("steps", "no-such-run")]
    [InlineData("report", "no-such-run")]
    [InlineData("models", "import", "no-such-folder")]
    [InlineData("models", "export", "no-such-model", "nowhere")]
    [InlineData("clean", "--older-than", "soon")]
    [InlineData("dead-letters")]
    [InlineData("dead-letters", "replay", "none")]
    [InlineData("scenarios", "add", "no-such-file.yaml")]
    [InlineData("scenarios", "remove", "none")]
    [InlineData("ingest", "no-such-file.csv", "--name", "x")]
    public async Task The_exit_code_is_2_and_standard_error_says_why(params string[] arguments)
    {
        var outcome = await TransferProcess.RunAsync(_study.Home, arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.NotEqual("", outcome.Error.Trim());
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'transfer --help'", "no-such-command")]
    [InlineData("'transfer run --help'", "run")]
    [InlineData("'transfer models export --help'", "models", "export")]
    public async Task It_names_the_command_that_explains_itself(string named, params string[] arguments)
    {
        var outcome = await TransferProcess.RunAsync(_study.Home, arguments);

        Assert.Contains(named, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_does_not_fit_is_told_under_its_name_and_not_where_it_was_copied_to()
    {
        var outcome = await _study.RunAsync(
            """
            name: wrong
            inputs: { dataset:, model: }
            steps:
              few:   { uses: sample,    with: { dataset: "${inputs.dataset}", perClass: 8 } }
              tuned: { uses: fine-tune, with: { model: "${inputs.model}", dataset: "${steps.few}", updates: 1 } }
            """
        );

        // The small one has a configuration and no weights.
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("model tiny-bert: holds neither model.safetensors", outcome.Error);
        Assert.DoesNotContain("scratch", outcome.Error);
    }

    [Fact]
    public async Task All_problems_of_a_scenario_are_named_at_once_with_their_lines()
    {
        var outcome = await _study.RunAsync(
            """
            name: wrong
            inputs: { dataset:, model: }
            steps:
              few:    { uses: sampel, with: { dataset: "${inputs.dataset}", perClass: 8 } }
              svm:    { uses: baseline, with: { algorithm: linear-svm, dataset: "${inputs.dataset}", treez: 5 } }
              scores: { uses: evaluate, with: { models: ["${steps.nowhere}"], split: test } }
            """
        );

        Assert.Equal(2, outcome.ExitCode);
        foreach (
            var expected in new[]
            {
                "scenario.yaml:4",
                "sampel",
                "scenario.yaml:5",
                "treez",
                "scenario.yaml:6",
                "nowhere",
            }
        )
            Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.Equal("", outcome.Output.Trim());
    }

    [Fact]
    public async Task A_ragged_row_is_named_and_nothing_is_stored()
    {
        var file = _study.Write("ragged.csv", "text,label\nfine,pos\nbad,neg,more\n");

        var outcome = await TransferProcess.RunAsync(_study.Home, "ingest", file, "--name", "ragged");
        var datasets = await TransferProcess.RunAsync(_study.Home, "datasets", "--json");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("ragged.csv: line 3, column 9", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(datasets.Json.AsArray());
    }
}
