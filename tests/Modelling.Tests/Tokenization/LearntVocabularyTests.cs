using System.Text.Json.Nodes;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Tokenization.Learning;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Tokenization;

public sealed class When_a_vocabulary_is_learnt
{
    private static readonly string[] Texts =
    [
        .. File.ReadLines(Path.Combine(GoldenFolders.RepositoryRoot, "samples", "reviews", "unlabelled.txt")).Take(400),
        "Ein Café, naïve and 日本!",
    ];

    [Fact]
    public void The_pairs_that_occur_most_often_are_joined_first()
    {
        // The words of Sennrich et al. 2016, figure 1, without the mark of a word's end.
        (string Word, long Count)[] words = [("low", 5), ("lower", 2), ("newest", 6), ("widest", 3)];
        var merges = new PairMerges(
            "deilnorstw".Select(letter => letter.ToString()),
            words.Select(word => ((IReadOnlyList<string>)[.. word.Word.Select(c => c.ToString())], word.Count)),
            (left, right) => left + right
        );

        merges.Learn(10 + 5, TestContext.Current.CancellationToken);

        // "e s" and "s t" occur 9 times each, and e comes before s; "w e" 8 times until "es" takes 6 of its e.
        Assert.Equal([("e", "s"), ("es", "t"), ("l", "o"), ("lo", "w"), ("e", "w")], merges.Merges);
    }

    [Fact]
    public void Joining_ends_where_no_pair_occurs_twice()
    {
        var merges = new PairMerges(["a", "b", "c"], [(["a", "b"], 2), (["b", "c"], 1)], (left, right) => left + right);

        merges.Learn(100, TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b", "c", "ab"], merges.Pieces);
    }

    [Theory]
    [InlineData("bert", 600)]
    [InlineData("distilbert", 600)]
    [InlineData("roberta", 600)]
    [InlineData("gpt2", 600)]
    public void Its_tokenizer_knows_every_text_and_has_the_size_asked_for(string architecture, int size)
    {
        using var folder = new TemporaryFolder();
        var tokenizer = Learn(folder, architecture, Texts, size);

        Assert.Equal(size, tokenizer.VocabularySize);
        var unknown = architecture.EndsWith("bert") ? 1 : 3;
        foreach (var text in Texts)
            Assert.DoesNotContain(unknown, tokenizer.Encode(text, null, 512).Ids);
        // Common words became one token.
        var pieces = tokenizer.Encode(" the", null, 512).Ids.Count(id => !tokenizer.SpecialIds.Contains(id));
        Assert.Equal(1, pieces);
        Assert.Equal(size, (int)JsonNode.Parse(File.ReadAllText(folder["learnt", "config.json"]))!["vocab_size"]!);
    }

    [Fact]
    public void The_order_of_texts_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        Learn(folder, "bert", Texts, 500);
        Learn(other, "bert", Texts.Reverse(), 500);

        Assert.Equal(File.ReadAllLines(folder["learnt", "vocab.txt"]), File.ReadAllLines(other["learnt", "vocab.txt"]));
    }

    [Fact]
    public void It_reads_as_Transformers_reads_it()
    {
        using var folder = new TemporaryFolder();
        var roberta = Learn(folder, "roberta", Texts, 400);

        Assert.Equal((1, 2, 4), (roberta.PadId, roberta.EndId, roberta.MaskId));
        Assert.Equal([0, 2], roberta.Encode("", null, 8).Ids);
        Assert.Equal(46, roberta.ModelMaxTokens);
        var config = JsonNode.Parse(File.ReadAllText(folder["learnt", "tokenizer_config.json"]))!;
        Assert.Equal("RobertaTokenizer", (string)config["tokenizer_class"]!);
    }

    private static ITokenizer Learn(TemporaryFolder folder, string architecture, IEnumerable<string> texts, int size)
    {
        var config = Directory.CreateDirectory(folder["config"]).FullName;
        File.WriteAllText(
            Path.Combine(config, "config.json"),
            $$"""{"model_type": "{{architecture}}", "max_position_embeddings": 48, "n_positions": {{(architecture == "gpt2" ? "48" : "null")}}}"""
        );
        var learnt = Directory.CreateDirectory(folder["learnt"]).FullName;
        NewVocabulary.Learn(config, texts, size, learnt, TestContext.Current.CancellationToken);
        return Tokenizers.Open(learnt);
    }
}
