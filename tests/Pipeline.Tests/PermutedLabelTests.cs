using System.Text.Json.Nodes;

namespace TransferPipeline.Pipeline.Tests;

public sealed class When_labels_are_permuted : IDisposable
{
    private readonly StudyFolder _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task Hidden_and_test_labels_change_no_training_key_weight_or_prediction()
    {
        var rows = _study.Write("rows.json", Samples());
        var first = await RunAsync(rows);
        Permute("test.tsv", keep: 0);
        Permute("train.tsv", keep: 32);

        var second = await RunAsync(rows);

        foreach (var name in new[] { "svm", "tuned", "clustered", "spread", "mixed" })
        {
            Assert.Equal(Step(first, name)["key"]!.ToJsonString(), Step(second, name)["key"]!.ToJsonString());
            Assert.Equal(
                Step(first, name)["output"]!["model"]!["id"]!.ToJsonString(),
                Step(second, name)["output"]!["model"]!["id"]!.ToJsonString()
            );
        }
        Assert.Equal(Each(first, "predictions"), Each(second, "predictions"));
        Assert.NotEqual(Each(first, "metrics"), Each(second, "metrics"));
    }

    [Fact]
    public async Task Train_labels_that_mean_nothing_give_chance()
    {
        Permute("train.tsv", keep: 0);

        var outcome = await RunAsync(rows: null);

        var svm = outcome["report"]!["rows"]!.AsArray().Single(row => (string?)row!["step"] == "svm")!;
        Assert.InRange(svm["metrics"]!["accuracy"]!["value"]!.GetValue<double>(), 0.40, 0.60);
    }

    private async Task<JsonNode> RunAsync(string? rows)
    {
        var scenario = rows is null ? Full : Given;
        var outcome = await _study.RunAsync(scenario, rows is null ? [] : ["--set", $"rows={rows}"]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome.Json;
    }

    private const string Given = """
        name: given-rows
        inputs: { dataset:, model:, rows: }
        steps:
          few:    { uses: sample,    with: { dataset: "${inputs.dataset}", rows: "${inputs.rows}", perClass: 8, seed: 13, dev: none } }
          svm:    { uses: baseline,  with: { algorithm: linear-svm, dataset: "${steps.few}" } }
          tuned:  { uses: fine-tune, with: { model: "${inputs.model}", weights: random, dataset: "${steps.few}", updates: 5, maxTokens: 32 } }
          by-clusters: { uses: synthesize, with: { dataset: "${steps.few}", method: k-means-labels, clusters: 6, purity: 0.5 } }
          by-graph:    { uses: synthesize, with: { dataset: "${steps.few}", method: label-spreading } }
          by-ids:      { uses: synthesize, with: { dataset: "${steps.few}", method: cluster-ids, clusters: 3 } }
          mixed:       { uses: fine-tune, with: { model: "${inputs.model}", weights: random, dataset: "${steps.few}", clusters: "${steps.by-ids}", mixup: 0.4, updates: 5, maxTokens: 32 } }
          clustered:   { uses: baseline, with: { algorithm: linear-svm, dataset: "${steps.by-clusters}" } }
          spread:      { uses: baseline, with: { algorithm: linear-svm, dataset: "${steps.by-graph}" } }
          scores: { uses: evaluate,  with: { models: ["${steps.svm}", "${steps.tuned}", "${steps.clustered}", "${steps.spread}", "${steps.mixed}"], split: test } }
        """;

    private const string Full = """
        name: all-rows
        inputs: { dataset:, model: }
        steps:
          svm:    { uses: baseline, with: { algorithm: linear-svm, dataset: "${inputs.dataset}" } }
          scores: { uses: evaluate, with: { models: ["${steps.svm}"], split: test } }
        """;

    /// <summary>The first eight train rows of each class among the first 32, by 0-based row.</summary>
    private string Samples()
    {
        var labels = File.ReadLines(Path.Combine(_study.Reviews, "train.tsv")).Skip(1).Take(32).Select(Label).ToList();
        var rows = labels
            .Distinct()
            .SelectMany(label => Enumerable.Range(0, labels.Count).Where(row => labels[row] == label).Take(8))
            .ToList();
        Assert.Equal(16, rows.Count);
        return $$"""{ "samples": [ { "labelsPerClass": 8, "seed": 13, "rows": [{{string.Join(", ", rows)}}] } ] }""";
    }

    /// <summary>Deals the labels of all rows after the first few out anew, in a fixed order.</summary>
    private void Permute(string file, int keep)
    {
        var path = Path.Combine(_study.Reviews, file);
        var lines = File.ReadAllLines(path);
        var start = 1 + keep;
        var labels = lines[start..].Select(Label).ToArray();
        new Random(5).Shuffle(labels);
        for (var line = start; line < lines.Length; line++)
            lines[line] = $"{labels[line - start]}\t{lines[line].Split('\t')[1]}";
        File.WriteAllLines(path, lines);
    }

    private static string Label(string line) => line.Split('\t')[0];

    private static JsonNode Step(JsonNode run, string name) =>
        run["steps"]!.AsArray().Single(step => (string?)step!["name"] == name)!;

    private static string Each(JsonNode run, string field) =>
        string.Join(Environment.NewLine, run["report"]!["rows"]!.AsArray().Select(row => row![field]!.ToJsonString()));
}
