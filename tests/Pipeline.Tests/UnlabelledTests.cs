namespace TransferPipeline.Pipeline.Tests;

public sealed class When_labels_are_given_to_unlabelled_text : IDisposable
{
    private readonly StudyFolder _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task A_study_trains_on_them_assesses_them_and_reports_both()
    {
        var outcome = await _study.RunAsync(Scenario);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var report = outcome.Json["report"]!;
        var rows = report["rows"]!.AsArray().ToDictionary(row => (string)row!["step"]!, row => row!);
        Assert.Equal(["svm", "svm-enlarged", "frozen-spread"], rows.Keys);
        // What a synthesis gave is no label that somebody paid for.
        Assert.All(rows.Values, row => Assert.Equal(16, (int)row["labelsTrain"]!));

        var assessed = report["assessments"]!.AsArray().ToDictionary(one => (string)one!["step"]!, one => one!);
        Assert.Equal(["clustered", "spread"], assessed.Keys);
        foreach (var one in assessed.Values)
        {
            Assert.InRange((double)one["coverage"]!, 0, 1);
            Assert.InRange((double)one["precision"]!, 0, 1);
        }
        var clusters = assessed["clustered"]["assessment"]!;
        Assert.Equal(6, clusters["clusters"]!.AsArray().Count);
        Assert.InRange((double)clusters["agreement"]!["purity"]!, 0.5, 1);
        Assert.InRange((double)clusters["agreement"]!["nmi"]!, 0, 1);
        // A precision of 1 is asked for, which nothing reaches.
        Assert.Contains(
            report["warnings"]!.AsArray(),
            warning =>
                ((string)warning!).StartsWith(
                    "clustered: k-means-labels gave labels of which",
                    StringComparison.Ordinal
                )
        );
    }

    private const string Scenario = """
        name: unlabelled
        inputs: { dataset:, model: }
        steps:
          few:       { uses: sample, with: { dataset: "${inputs.dataset}", perClass: 8, seed: 13, dev: none } }
          encoder:   { uses: pretrain, with: { config: "${inputs.model}", dataset: "${steps.few}", updates: 1, seed: 13 } }
          clustered: { uses: synthesize, with: { method: k-means-labels, dataset: "${steps.few}", clusters: 6, purity: 0.5, dimensions: 20 } }
          spread:    { uses: synthesize, with: { method: label-spreading, dataset: "${steps.few}", model: "${steps.encoder}", maxTokens: 32 } }
          looked:    { uses: assess, with: { dataset: "${steps.clustered}", leastPrecision: 1 } }
          looked-2:  { uses: assess, with: { dataset: "${steps.spread}", model: "${steps.encoder}" } }
          svm:           { uses: baseline,  with: { algorithm: linear-svm, dataset: "${steps.few}" } }
          svm-enlarged:  { uses: baseline,  with: { algorithm: linear-svm, dataset: "${steps.clustered}" } }
          frozen-spread: { uses: fine-tune, with: { model: "${steps.encoder}", dataset: "${steps.spread}", strategy: frozen, c: 10, maxTokens: 32 } }
          scores: { uses: evaluate, with: { models: ["${steps.svm}", "${steps.svm-enlarged}", "${steps.frozen-spread}"], split: test } }
        """;
}
