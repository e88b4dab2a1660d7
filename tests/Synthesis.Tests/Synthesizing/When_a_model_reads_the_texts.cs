using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.TestKit;

namespace TransferPipeline.Synthesis.Tests.Synthesizing;

public sealed class When_a_model_reads_the_texts : IDisposable
{
    private static readonly SynthesisSpec Filled = new()
    {
        Method = "k-means-mask-fill",
        Clusters = "2",
        MaskRate = 0.4,
        Copies = 2,
        MaxTokens = 32,
    };

    private readonly SynthesisBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Words_are_filled_in_from_the_texts_of_the_cluster_and_nothing_else_changes()
    {
        Example[] train =
        [
            new("a", "the film was good, and the story was fine", Label: "sport"),
            new("b", "a good story and a fine film.", Label: "sport"),
            new("c", "the film was bad and the story was bad", Label: "money"),
        ];
        var words = train.SelectMany(row => row.Text.Split([' ', ',', '.'])).ToHashSet();

        var made = _bench.Synthesize(_bench.Dataset(train, []), Filled, model: _bench.SmallBert()).Dataset!;

        var rows = _bench.Rows(made, "train").Where(row => row.Origin is ExampleOrigin.Synthesised).ToArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var source = train.Single(given => given.Id == row.Source);
            Assert.Equal(source.Label, row.Label);
            Assert.NotEqual(source.Text, row.Text);
            Assert.All(row.Text.Split([' ', ',', '.']), word => Assert.Contains(word, words));
            Assert.Equal(source.Text.Count(letter => letter == ' '), row.Text.Count(letter => letter == ' '));
        }
    }

    [Theory]
    [InlineData("k-means-mask-fill")]
    [InlineData("k-means-recombine")]
    public void Hidden_labels_change_no_text_that_is_made(string method)
    {
        Example[] train =
        [
            new("a", "the film was good, and the story was fine", Label: "sport"),
            new("b", "a good story, but a bad film", Label: "sport"),
            new("c", "the film was bad and the story was bad", Label: "money"),
            new("d", "a bad film, and a fine story", Label: "money"),
        ];
        var spec = Filled with { Method = method, Clusters = "1" };
        var model = _bench.SmallBert();

        var (first, second) = (Made("sport"), Made("money"));

        Assert.NotEqual(first.HiddenLabels, second.HiddenLabels);
        Assert.Equal(first.Find("train")!.Content, second.Find("train")!.Content);
        Assert.True(first.Find("train")!.Rows > train.Length);

        DatasetRef Made(string hidden)
        {
            ArtefactRef labels = _bench
                .Artefacts.StoreAsync((to, stop) => HiddenLabel.WriteAsync(to, [new("u", hidden)], stop))
                .GetAwaiter()
                .GetResult();
            return _bench.Synthesize(_bench.Dataset(train, [new("u", "a story")], labels), spec, model: model).Dataset!;
        }
    }

    [Fact]
    public void The_same_step_gives_the_same_bytes_with_vectors_kept_or_not()
    {
        var dataset = _bench.News(unlabelled: 150);
        var model = _bench.SmallBert();
        var spec = new SynthesisSpec
        {
            Method = "k-means-labels",
            Clusters = "4",
            Purity = 0.5,
            MaxTokens = 32,
        };

        var first = _bench.Synthesize(dataset, spec, model: model).Dataset!;
        var again = _bench.Synthesize(dataset, spec, model: model).Dataset!;
        using var other = new SynthesisBench();
        var elsewhere = other.Synthesize(other.News(unlabelled: 150), spec, model: other.SmallBert()).Dataset!;

        Assert.Equal(first.Findings, again.Findings);
        Assert.Equal(first.Find("train"), again.Find("train"), (a, b) => a!.Content == b!.Content);
        Assert.Equal(first.Findings, elsewhere.Findings);
        Assert.Equal(1, _bench.KeptVectors());
    }

    [Fact]
    public void Filling_in_words_without_a_model_that_can_is_refused_by_name()
    {
        var dataset = _bench.News();
        var classifier = _bench.Store(GoldenFolders.Of("bert-sequence-classification")[0]);

        var without = Assert.Throws<BadInputException>(() => _bench.Synthesize(dataset, Filled));
        var unable = Assert.Throws<BadInputException>(() => _bench.Synthesize(dataset, Filled, model: classifier));

        Assert.Contains("'model' is missing, which k-means-mask-fill needs", without.Message);
        Assert.Contains(": is a BertForSequenceClassification; expected one that ends in ForMaskedLM.", unable.Message);
    }
}
