using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Baselines;

public sealed class When_a_baseline_is_saved : IDisposable
{
    private static readonly ModelText[] Texts =
    [
        new("a very good film"),
        new("bad, bad acting"),
        new("good story, good actors"),
        new("a bad film and a dull story"),
        new("neither fish nor fowl"),
        new("fish and chips"),
    ];

    private static readonly int[] Labels = [0, 1, 0, 1, 2, 2];
    private static readonly string[] Names = ["positive", "negative", "other"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Kinds =>
        new()
        {
            { "linear-svm", "tf-idf" },
            { "random-forest", "tf-idf" },
            { "logistic", "tf-idf" },
            { "nearest-neighbours", "tf-idf" },
            { "majority", "none" },
            { "linear-svm", "embeddings" },
            { "random-forest", "embeddings" },
            { "logistic", "embeddings" },
            { "nearest-neighbours", "embeddings" },
        };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_predicts_the_same_when_it_is_opened(string algorithm, string features)
    {
        using var saved = Fit(algorithm, features);
        Save(saved, algorithm, _folder["model"]);

        using var opened = Open(_folder["model"]);

        ModelText[] texts = [.. Texts, new("unknown words only"), new("")];
        Assert.Equal(Names, opened.Labels);
        Assert.Equal(saved.Predict(texts), opened.Predict(texts));
        Assert.All(opened.Predict(texts), row => Assert.Equal(1, row.Sum(), tolerance: 1e-5f));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Its_bytes_are_the_same_each_time(string algorithm, string features)
    {
        foreach (var name in (string[])["first", "second"])
        {
            using var model = Fit(algorithm, features);
            Save(model, algorithm, _folder[name]);
        }

        var files = Directory.GetFiles(_folder["first"], "*", SearchOption.AllDirectories);
        Assert.All(
            files,
            file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(file.Replace("first", "second")))
        );
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_text_is_predicted_the_same_alone_and_among_others(string algorithm, string features)
    {
        using var model = Fit(algorithm, features);

        Assert.Equal(model.Predict(Texts), Texts.Select(text => model.Predict([text])[0]));
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("terms.txt")]
    public void A_damaged_file_is_refused(string name)
    {
        var path = SaveOne();
        var bytes = File.ReadAllBytes(Path.Combine(path, name));
        bytes[^2] ^= 1;
        File.WriteAllBytes(Path.Combine(path, name), bytes);

        AssertRefused(path, $"{Path.Combine(path, name)}: damaged; its SHA-256 is not the one in baseline.json.");
    }

    [Fact]
    public void A_missing_and_an_unexpected_file_are_reported_together()
    {
        var path = SaveOne();
        File.Move(Path.Combine(path, "terms.txt"), Path.Combine(path, "words.txt"));

        AssertRefused(path, $"{path}/terms.txt: missing.\n{path}/words.txt: unexpected.");
    }

    [Fact]
    public void A_damaged_encoder_is_refused()
    {
        using (var model = Fit("linear-svm", "embeddings"))
            Save(model, "linear-svm", _folder["model"]);
        File.AppendAllText(_folder["model", "encoder", "config.json"], " ");

        AssertRefused(
            _folder["model"],
            $"{_folder["model", "encoder/config.json"]}: damaged; its SHA-256 is not the one in baseline.json."
        );
    }

    [Theory]
    [InlineData(
        "algorithm",
        "\"tarot\"",
        "expected algorithm linear-svm | random-forest | logistic | nearest-neighbours | majority, found 'tarot'."
    )]
    [InlineData("features", "\"none\"", "expected features tf-idf | embeddings (majority: none), found 'none'.")]
    [InlineData("labels", "[]", "expected at least one label.")]
    [InlineData("format", "2", "expected format 1, found 2.")]
    [InlineData("files", null, "expected files and their hashes.")]
    public void A_description_with_an_unknown_value_is_refused(string key, string? value, string expected)
    {
        var path = SaveOne();
        Describe(path, key, value);

        AssertRefused(path, $"{path}/baseline.json: {expected}");
    }

    [Theory]
    [InlineData("labels", "[\"one\",\"two\"]", "weight: expected shape (2, ")]
    [InlineData("algorithm", "\"random-forest\"", "tree.nodes: expected an array of Int32.")]
    public void Weights_that_do_not_fit_the_description_are_refused(string key, string value, string expected)
    {
        var path = SaveOne();
        Describe(path, key, value);

        var failure = Assert.Throws<BadInputException>(() => Open(path));

        Assert.StartsWith($"{path}/weights.safetensors: {expected}", failure.Message);
    }

    [Fact]
    public void A_folder_without_description_is_refused() =>
        AssertRefused(_folder.Path, $"{_folder["baseline.json"]}: not found; expected the description of a baseline.");

    [Fact]
    public void A_tree_that_would_never_end_is_refused()
    {
        var looping = new DecisionTree([0, -1, -1], [0.5f, 0, 0], [0, 0, 0], [1f, 0f, 0f]);
        using (var features = TfIdf.Fit(Texts))
        using (var model = new BaselineClassifier(Names, features, new RandomForest([looping], features.Width, 3)))
            Save(model, "random-forest", _folder["model"]);

        var failure = Assert.Throws<BadInputException>(() => Open(_folder["model"]));

        Assert.Contains("node.right: expected tree 0 in preorder", failure.Message);
    }

    private string SaveOne()
    {
        using var model = Fit("linear-svm", "tf-idf");
        Save(model, "linear-svm", _folder["model"]);
        return _folder["model"];
    }

    private BaselineClassifier Fit(string algorithm, string features)
    {
        ITextFeatures? texts = features switch
        {
            "tf-idf" => TfIdf.Fit(Texts),
            "embeddings" => new EmbeddingFeatures(
                Path.GetDirectoryName(_folder.Write("given/config.json", "{}"))!,
                64,
                new LetterCounts()
            ),
            _ => null,
        };
        var rows = texts?.Transform(Texts) ?? FeatureRows.Dense([.. Texts.Select(_ => Array.Empty<float>())], 0);
        var data = new LabelledRows(rows, Labels, Names.Length);
        IBaselineModel model = algorithm switch
        {
            "linear-svm" => LinearSvm.Fit(data),
            "random-forest" => RandomForest.Fit(data, seed: 3, trees: 9),
            "logistic" => LogisticRegression.Fit(data),
            "nearest-neighbours" => NearestNeighbours.Fit(data, neighbours: 2),
            _ => Majority.Fit(data),
        };
        return new BaselineClassifier(Names, texts, model);
    }

    private static void Save(BaselineClassifier model, string algorithm, string folder) =>
        BaselineFolder.Save(folder, model, algorithm, new Dictionary<string, double> { ["c"] = 1 });

    private static BaselineClassifier Open(string folder) =>
        BaselineClassifier.Open(folder, (_, _) => new LetterCounts());

    private static void AssertRefused(string folder, string message) =>
        Assert.Equal(message, Assert.Throws<BadInputException>(() => Open(folder)).Message);

    private static void Describe(string folder, string key, string? value)
    {
        var path = Path.Combine(folder, "baseline.json");
        var description = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        description.Remove(key);
        if (value is not null)
            description[key] = JsonNode.Parse(value);
        File.WriteAllText(path, description.ToJsonString());
    }

    /// <summary>An encoder that needs no files: how often each letter occurs.</summary>
    private sealed class LetterCounts : IEmbedder
    {
        public int Width => 26;

        public IReadOnlyList<float[]> Embed(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default) =>
            [
                .. texts.Select(text =>
                    Enumerable.Range('a', Width).Select(letter => (float)text.First.Count(c => c == letter)).ToArray()
                ),
            ];

        public void Dispose() { }
    }
}
