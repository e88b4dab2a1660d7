using System.Text.Json.Nodes;

namespace TransferPipeline.Pipeline.Tests;

/// <summary>From a data file to a model that reads a text, in processes of their own.</summary>
public sealed class When_a_trained_model_reads_texts : IDisposable
{
    private readonly StudyFolder _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task Words_get_tags()
    {
        var train = string.Concat(
            Enumerable.Range(0, 12).Select(i => $"the\tO\nmovie\tB-film\nwas\tO\nnumber\tO\n{i}\tO\n\n")
        );
        _study.Write("words/train.conll", train);
        _study.Write("words/test.conll", "a\tO\nmovie\tB-film\n\nthe\tO\nmovie\tB-film\n");

        var row = await TrainAsync(_study["words"], "words");
        Assert.Equal(2, row["n"]!.GetValue<int>());
        Assert.Equal("film", row["classes"]![0]!["label"]!.GetValue<string>());
        Assert.InRange(row["metrics"]!["entityF1"]!["value"]!.GetValue<double>(), 0, 1);
        Assert.NotNull(row["metrics"]!["entityF1Strict"]);

        var said = (await PredictAsync("words.tuned", "--text", "the  movie was short"))[0]!;
        Assert.Equal(["the", "movie", "was", "short"], said["words"]!.AsArray().Select(word => (string?)word));
        Assert.All(said["tags"]!.AsArray(), tag => Assert.Contains((string?)tag, new[] { "O", "B-film", "I-film" }));
        Assert.Equal(4, said["tags"]!.AsArray().Count);

        string[] long40 =
        [
            "predict",
            "words.tuned",
            "--text",
            "a movie",
            "--text",
            string.Concat(Enumerable.Repeat("a ", 40)),
        ];
        var counted = await TransferProcess.RunAsync(_study.Home, [.. long40, "--json"]);
        Assert.Equal(0, counted.ExitCode);
        Assert.Contains("1 of 2 texts are longer than what the model reads", counted.Error);
        Assert.Equal([null, 10], counted.Json["predictions"]!.AsArray().Select(one => (int?)one!["cutOff"]));
        var refused = await TransferProcess.RunAsync(_study.Home, [.. long40, "--strict"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("text 2 is longer than what the model reads, by 10; --strict allows none", refused.Error);
    }

    [Fact]
    public async Task Questions_get_answers_and_a_question_without_a_context_is_refused()
    {
        _study.Write("questions/train.json", Questions(0, 8));
        _study.Write("questions/test.json", Questions(8, 3));

        var row = await TrainAsync(_study["questions"], "questions");
        Assert.Equal(6, row["n"]!.GetValue<int>());
        Assert.InRange(row["metrics"]!["exactMatch"]!["value"]!.GetValue<double>(), 0, 1);
        Assert.InRange(
            row["metrics"]!["f1"]!["value"]!.GetValue<double>(),
            row["metrics"]!["exactMatch"]!["value"]!.GetValue<double>(),
            1
        );

        const string Context = "it was a good movie and a bad book .";
        var said = (await PredictAsync("questions.tuned", "--text", "which film ?", "--text-b", Context))[0]!;
        var answer = said["answer"]!.GetValue<string>();
        Assert.Equal(answer, Context.Substring(said["start"]!.GetValue<int>(), answer.Length));
        Assert.NotEqual("", answer);
        Assert.Equal(6, (await PredictAsync("questions.tuned", _study["questions", "test.json"])).Count);

        var refused = await TransferProcess.RunAsync(_study.Home, "predict", "questions.tuned", "--text", "which ?");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(
            "text 1 has no context; expected a question (--text) and its context (--text-b)",
            refused.Error
        );
    }

    [Fact]
    public async Task A_column_of_a_file_is_read_by_a_baseline_too()
    {
        var scenario = _study.Write(
            "svm.yaml",
            """
            name: reviews
            inputs: { dataset: }
            steps:
              svm:    { uses: baseline, with: { algorithm: linear-svm, dataset: "${inputs.dataset}" } }
              scores: { uses: evaluate, with: { models: ["${steps.svm}"], split: test, resamples: 100 } }
            """
        );
        var run = await TransferProcess.RunAsync(_study.Home, "run", scenario, "--set", $"dataset={_study.Reviews}");
        Assert.True(run.ExitCode == 0, run.Error);
        var file = _study.Write("texts.csv", "gj04,0,a wonderful and moving film\nclc95,0,a dull and tedious film\n");

        var said = await PredictAsync("reviews.svm", file, "--column", "3");

        Assert.Equal(
            ["a wonderful and moving film", "a dull and tedious film"],
            said.Select(one => (string?)one!["text"])
        );
        Assert.All(said, one => Assert.Contains((string?)one!["label"], new[] { "negative", "positive" }));
        Assert.All(
            said,
            one =>
                Assert.Equal(1, one!["probabilities"]!.AsObject().Sum(share => share.Value!.GetValue<double>()), 1e-5)
        );
    }

    [Theory]
    [InlineData("expected --text TEXT, or a file of texts; one of them", "predict", "nothing")]
    [InlineData("there is no model 'nothing'", "predict", "nothing", "--text", "a")]
    [InlineData(
        "--text-b: there are 1 texts and 2 second texts",
        "predict",
        "x",
        "--text",
        "a",
        "--text-b",
        "b",
        "--text-b",
        "c"
    )]
    public async Task A_wrong_request_is_refused(string message, params string[] arguments)
    {
        var outcome = await TransferProcess.RunAsync(_study.Home, arguments);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error);
    }

    /// <summary>The report's row of a training that is far too short to learn anything.</summary>
    private async Task<JsonNode> TrainAsync(string dataset, string name)
    {
        var scenario = _study.Write(
            $"{name}.yaml",
            $$"""
            name: {{name}}
            inputs: { dataset:, model: }
            steps:
              tuned:  { uses: fine-tune, with: { model: "${inputs.model}", weights: random, dataset: "${inputs.dataset}", updates: 4, batch: 4, maxTokens: 32, selectOn: none } }
              scores: { uses: evaluate, with: { models: ["${steps.tuned}"], split: test, resamples: 100 } }
            """
        );
        var outcome = await TransferProcess.RunAsync(
            _study.Home,
            "run",
            scenario,
            "--set",
            $"dataset={dataset}",
            "--set",
            $"model={StudyFolder.TinyBert}",
            "--out",
            _study["out"],
            "--json"
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var report = JsonNode.Parse(await File.ReadAllTextAsync(_study["out", "report.json"]))!;
        return report["rows"]!.AsArray().Single()!;
    }

    private async Task<JsonArray> PredictAsync(params string[] arguments)
    {
        var outcome = await TransferProcess.RunAsync(_study.Home, ["predict", .. arguments, "--json"]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return JsonNode.Parse(outcome.Output)!["predictions"]!.AsArray();
    }

    /// <summary>SQuAD 2.0: of each article one question is answered and one is not.</summary>
    private static string Questions(int from, int count)
    {
        var articles = Enumerable
            .Range(from, count)
            .Select(i =>
                $$"""
                    { "title": "t{{i}}", "paragraphs": [ { "context": "it was movie {{i}} .", "qas": [
                      { "id": "a{{i}}", "question": "which film {{i}} ?", "is_impossible": false, "answers": [ { "text": "movie", "answer_start": 7 } ] },
                      { "id": "b{{i}}", "question": "which book {{i}} ?", "is_impossible": true, "answers": [] } ] } ] }
                    """
            );
        return $$"""{ "version": "v2.0", "data": [ {{string.Join(", ", articles)}} ] }""";
    }
}
