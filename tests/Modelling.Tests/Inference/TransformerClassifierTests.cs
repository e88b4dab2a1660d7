using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Inference;

public sealed class When_a_folder_is_asked_to_classify
{
    private static readonly string Folder = GoldenFolders.Of("bert-sequence-classification")[0];
    private static readonly string[] Words = [.. File.ReadLines(Path.Combine(Folder, "vocab.txt")).Skip(5)];

    [Fact]
    public void Rows_are_those_each_text_has_alone_in_the_order_of_the_texts()
    {
        using var classifier = Classifiers.Open(Folder, new ComputeOptions(1));
        var random = new Random(11);
        ModelText[] texts =
        [
            .. Enumerable.Range(0, 150).Select(i => new ModelText(Text(random), i % 3 == 0 ? Text(random) : null)),
        ];

        var together = classifier.Predict(texts);

        Assert.Equal(texts.Length, together.Count);
        Assert.All(together, row => Assert.Equal(1, row.Sum(), 1e-5));
        for (var i = 0; i < texts.Length; i += 7)
            Assert.All(
                together[i].Zip(classifier.Predict([texts[i]]).Single()),
                pair => Assert.Equal(pair.First, pair.Second, 1e-5)
            );
        Assert.True(together.Select(row => row[0]).Distinct().Count() > 100);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var random = new Random(12);
        ModelText[] texts = [.. Enumerable.Range(0, 250).Select(_ => new ModelText(Text(random)))];

        var outputs = new[] { 1, 2 }.Select(threads =>
        {
            using var classifier = Classifiers.Open(Folder, new ComputeOptions(threads));
            return classifier.Predict(texts);
        });

        Assert.Equal(outputs.First(), outputs.Last());
    }

    [Fact]
    public void No_texts_give_no_rows_and_a_text_longer_than_the_model_is_cut()
    {
        using var classifier = Classifiers.Open(Folder);

        Assert.Empty(classifier.Predict([]));
        Assert.Single(classifier.Predict([new(string.Join(' ', Words))]));
    }

    [Fact]
    public void A_regression_model_gives_one_number()
    {
        using var model = Classifiers.Open(GoldenFolders.Of("bert-regression")[0]);

        Assert.True(model.Regression);
        Assert.Single(model.Predict([new("a")]).Single());
    }

    [Fact]
    public void It_stops_between_batches_when_told_to()
    {
        using var classifier = Classifiers.Open(Folder);

        Assert.Throws<OperationCanceledException>(() => classifier.Predict([new("a")], new CancellationToken(true)));
    }

    [Fact]
    public void A_folder_without_a_model_is_refused()
    {
        using var folder = new TemporaryFolder();

        var refused = Assert.Throws<BadInputException>(() => Classifiers.Open(folder.Path));

        Assert.Equal($"{folder.Path}: holds no model; expected config.json or baseline.json.", refused.Message);
    }

    [Fact]
    public void A_tokenizer_with_more_tokens_than_the_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(Folder, name), folder[name]);
        folder.Write("vocab.txt", File.ReadAllText(Path.Combine(Folder, "vocab.txt")) + "onetoomany\n");

        var refused = Assert.Throws<BadInputException>(() => Classifiers.Open(folder.Path));

        Assert.Contains("the tokenizer has 901 tokens, the model 900", refused.Message);
    }

    [Fact]
    public void Scoring_leaves_no_tensor_behind()
    {
        using var classifier = Classifiers.Open(Folder);
        classifier.Predict([new("a"), new("b c")]);
        var live = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        classifier.Predict([new("a"), new("b c")]);

        Assert.Equal(live, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static string Text(Random random) =>
        string.Join(' ', Enumerable.Range(0, random.Next(1, 30)).Select(_ => Words[random.Next(Words.Length)]));
}
