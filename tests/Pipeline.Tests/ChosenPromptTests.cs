using System.Text.Json.Nodes;

namespace TransferPipeline.Pipeline.Tests;

/// <summary>A grid of prompts, in processes of their own: trained, chosen from on dev, scored on test, asked.</summary>
public sealed class When_a_prompt_is_chosen_from_a_grid : IDisposable
{
    private const string Scenario = """
        name: chosen
        inputs: { dataset:, model: }
        matrix: { learningRate: [1e-4, 1e-3], seed: [13] }
        steps:
          few:    { uses: sample,    with: { dataset: "${inputs.dataset}", perClass: 8, seed: "${matrix.seed}" } }
          grid:   { uses: fine-tune, with: { model: "${inputs.model}", weights: random, dataset: "${steps.few}", strategy: prompt, template: "{text} It was {mask}.", labelWords: { negative: terrible, positive: great }, demonstrations: 2, updates: 3, evaluateEvery: 1, learningRate: "${matrix.learningRate}", seed: "${matrix.seed}" } }
          best:   { uses: select,    with: { candidates: ["${steps.grid}"], over: [learningRate] } }
          scores: { uses: evaluate,  with: { models: ["${steps.best}"], split: test, resamples: 100 } }
        """;

    private readonly StudyFolder _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task The_chosen_one_is_scored_and_asked_and_another_run_finds_it_again()
    {
        var run = await _study.RunAsync(Scenario);
        Assert.True(run.ExitCode == 0, run.Error);
        var report = JsonNode.Parse(run.Output)!["report"]!;
        var row = Assert.Single(report["rows"]!.AsArray())!;
        Assert.Equal(("best", "prompt", "dev"), (Text(row["step"]), Text(row["strategy"]), Text(row["selectedOn"])));
        Assert.Equal((16, 16), ((int)row["labelsTrain"]!, (int)row["labelsDev"]!));
        Assert.Equal("grid", Text(row["selected"]!["step"]));
        var select = report["lineage"]!.AsArray().Single(step => Text(step!["kind"]) == "select")!;
        double[] scores = [.. select["candidates"]!.AsArray().Select(one => (double)one!["score"]!)];
        Assert.Equal(2, scores.Length);
        Assert.Equal(Array.IndexOf(scores, scores.Max()), (int)select["chosen"]!);

        var asked = await TransferProcess.RunAsync(
            _study.Home,
            "predict",
            "chosen.best.13",
            "--text",
            "A film.",
            "--json"
        );
        Assert.True(asked.ExitCode == 0, asked.Error);
        var said = JsonNode.Parse(asked.Output)!["predictions"]![0]!;
        Assert.Equal(1, said["probabilities"]!.AsObject().Sum(label => (double)label.Value!), 1e-5);

        var more = await _study.RunAsync(Scenario.Replace("[1e-4, 1e-3]", "[1e-4, 1e-3, 1e-2]"));
        Assert.Equal(
            ["best false", "grid false", "grid true", "grid true"],
            JsonNode.Parse(more.Output)!["report"]!["lineage"]!
                .AsArray()
                .Where(step => Text(step!["step"]) is "grid" or "best")
                .Select(step =>
                    $"{Text(step!["step"])} {(bool)step["cached"]! switch { true => "true", _ => "false" }}"
                )
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_word_of_two_tokens_fails_its_step_with_the_word_and_its_tokens()
    {
        var run = await _study.RunAsync(Scenario.Replace("great }", "goodit }"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "the word 'goodit' of label 'positive' is 2 tokens (good | it); expected one",
            run.Error + run.Output
        );
    }

    [Fact]
    public async Task A_template_without_a_gap_is_refused_before_anything_runs()
    {
        var run = await _study.RunAsync(Scenario.Replace("It was {mask}", "It was great"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(
            "steps.grid.with: 'template' has no {mask}; expected it where the label's word stands",
            run.Error
        );
    }

    private static string? Text(JsonNode? value) => (string?)value;
}
