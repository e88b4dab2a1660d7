using System.Text.Json.Nodes;
using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests;

public sealed class When_a_study_starts_from_another_architecture : IDisposable
{
    private const string Scenario = """
        name: architectures
        inputs: { dataset:, model: }
        steps:
          few:    { uses: sample,    with: { dataset: "${inputs.dataset}", perClass: 8, dev: none, seed: 13 } }
          tuned:  { uses: fine-tune, with: { model: "${inputs.model}", dataset: "${steps.few}", updates: 4, maxTokens: 16 } }
          frozen: { uses: fine-tune, with: { model: "${inputs.model}", dataset: "${steps.few}", strategy: frozen, maxTokens: 16 } }
          scores: { uses: evaluate,  with: { models: ["${steps.tuned}", "${steps.frozen}"], split: test } }
        """;

    private readonly StudyFolder _study = new();

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("distilbert")]
    [InlineData("roberta")]
    [InlineData("gpt2")]
    public async Task It_is_imported_tuned_frozen_and_scored_and_saved_as_its_own_kind(string architecture)
    {
        var folder = GoldenFolders.Of($"{architecture}-sequence-classification")[0];

        var outcome = await _study.RunAsync(Scenario, "--set", $"model={folder}");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var rows = outcome.Json["report"]!["rows"]!.AsArray();
        Assert.Equal(["tuned", "frozen"], rows.Select(row => (string)row!["step"]!));
        var tuned = outcome.Json["steps"]!.AsArray().Single(step => (string?)step!["name"] == "tuned")!;
        Assert.Equal(
            architecture,
            (string)Artefact((string)tuned["output"]!["model"]!["files"]!["config.json"]!)["model_type"]!
        );
    }

    private JsonNode Artefact(string hash)
    {
        var digits = hash["sha256:".Length..];
        return JsonNode.Parse(File.ReadAllText(Path.Combine(_study.Home, "artefacts", digits[..2], digits)))!;
    }
}
