using System.Text.Json.Nodes;

namespace TransferPipeline.Pipeline.Tests;

public sealed class When_text_is_labelled_and_rewritten : IDisposable
{
    private const string Functions = """
        functions:
          praise: { keywords: [good, great, wonderful, lovely, charming, delight, best, moving, funny, warm], label: positive }
          blame:  { keywords: [bad, dull, boring, worst, mess, flat, tedious, lifeless, awful, weak], label: negative }
          but:    { regex: "\\b(but|however|unfortunately)\\b", label: negative }
          never:  { keywords: [zebra], label: positive }
        """;

    private const string Words =
        """{"good": ["nice", "fine"], "bad": ["poor"], "dull": ["drab"], "funny": ["comical"]}""";

    private const string Scenario = """
        name: augmented
        inputs: { dataset:, model:, functions:, words: }
        steps:
          none:    { uses: sample,   with: { dataset: "${inputs.dataset}", perClass: 0, dev: none } }
          voted:   { uses: label,    with: { dataset: "${steps.none}", functions: "${inputs.functions}", labelModel: dawid-skene } }
          swapped: { uses: rewrite,  with: { dataset: "${steps.voted}", method: swap, copies: 2 } }
          replaced: { uses: rewrite, with: { dataset: "${steps.swapped}", method: synonyms, lexicons: ["${inputs.words}"] } }
          weak:    { uses: baseline, with: { algorithm: logistic, dataset: "${steps.voted}" } }
          more:    { uses: baseline, with: { algorithm: logistic, dataset: "${steps.replaced}" } }
          scores:  { uses: evaluate, with: { models: ["${steps.weak}", "${steps.more}"], split: test } }
        """;

    private readonly StudyFolder _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task Models_learn_from_it_and_the_report_tells_what_the_functions_are_worth()
    {
        var outcome = await RunAsync();

        var report = outcome["report"]!;
        Assert.Equal(["weak", "more"], report["rows"]!.AsArray().Select(row => (string)row!["step"]!));
        // Nobody labelled a text: what functions said counts as no label.
        Assert.All(report["rows"]!.AsArray(), row => Assert.Equal(0, (int)row!["labelsTrain"]!));
        var labelling = report["labellings"]!.AsArray().Single()!;
        Assert.Equal("dawid-skene", (string)labelling["labelModel"]!);
        Assert.InRange((double)labelling["accuracy"]!, 0.5, 1);
        var functions = labelling["functions"]!.AsArray();
        Assert.Equal(["praise", "blame", "but", "never"], functions.Select(function => (string)function!["name"]!));
        Assert.InRange((double)functions[0]!["hiddenAccuracy"]!, 0.5, 1);
        Assert.Null(functions[3]!["hiddenAccuracy"]);
        Assert.Contains(
            "voted: Function never never voted.",
            report["warnings"]!.AsArray().Select(one => (string)one!)
        );
    }

    [Fact]
    public async Task Hidden_labels_change_nothing_but_the_figures()
    {
        var first = await RunAsync();
        PermuteTrain();

        var second = await RunAsync();

        foreach (var name in new[] { "weak", "more" })
            Assert.Equal(Model(first, name), Model(second, name));
        Assert.NotEqual(
            (double)first["report"]!["labellings"]![0]!["accuracy"]!,
            (double)second["report"]!["labellings"]![0]!["accuracy"]!
        );
    }

    private static string Model(JsonNode run, string name) =>
        run["steps"]!.AsArray().Single(step => (string)step!["name"]! == name)!["output"]!["model"]![
            "id"
        ]!.ToJsonString();

    private async Task<JsonNode> RunAsync()
    {
        var outcome = await _study.RunAsync(
            Scenario,
            "--set",
            $"functions={_study.Write("functions.yaml", Functions)}",
            "--set",
            $"words=neighbours:{_study.Write("words.json", Words)}"
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome.Json;
    }

    private void PermuteTrain()
    {
        var path = Path.Combine(_study.Reviews, "train.tsv");
        var lines = File.ReadAllLines(path).Select(line => line.Split('\t')).ToArray();
        string[] labels = [.. lines.Skip(1).Select(cells => cells[0])];
        new Random(5).Shuffle(labels);
        File.WriteAllLines(
            path,
            lines.Select((cells, row) => row == 0 ? string.Join('\t', cells) : $"{labels[row - 1]}\t{cells[1]}")
        );
    }
}
