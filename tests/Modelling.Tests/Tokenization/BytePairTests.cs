using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Tokenization;

public sealed class When_texts_are_joined_from_bytes
{
    [Theory]
    [InlineData("gpt2")]
    [InlineData("roberta-base")]
    public void The_ids_are_those_of_the_tokenizers_library(string name)
    {
        var goldens = SharedFiles.Require("fixtures", "tokens");
        var tokenizer = Tokenizers.Open(SharedFiles.Require("data", "tokenizers", name));

        var wrong = new List<string>();
        var lines = TokenLines.Of(goldens, "texts").Zip(TokenLines.Of(goldens, name)).ToList();
        foreach (var (input, expected) in lines)
        {
            var text = input.GetProperty("text").GetString()!;
            var pair = input.TryGetProperty("pair", out var second) ? second.GetString() : null;
            var most = pair is null ? 100_000 : 128;
            var sequence = expected.TryGetProperty("joined", out var joined)
                ? tokenizer.Encode(text + joined.GetString() + pair, null, most)
                : tokenizer.Encode(text, pair, most);
            var ids = expected.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToList();
            if (!sequence.Ids.SequenceEqual(ids))
                wrong.Add($"{input}: [{string.Join(", ", sequence.Ids)}], not [{string.Join(", ", ids)}]");
        }

        Assert.Equal(3157, lines.Count);
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ\n" + string.Join('\n', wrong.Take(5)));
    }
}

public sealed class When_the_byte_pairs_are_few
{
    private const string Roberta =
        """{"<s>":0,"<pad>":1,"</s>":2,"<unk>":3,"a":4,"b":5,"Ġ":6,"Ġa":7,"ab":8,"<mask>":9}""";
    private const string Gpt2 = """{"a":0,"b":1,"Ġ":2,"Ġa":3,"ab":4,"<|endoftext|>":5}""";
    private const string Merges = "#version: 0.2\nĠ a\na b\n";

    [Theory]
    [InlineData("", null, new[] { 0, 2 })]
    [InlineData("ab a", null, new[] { 0, 8, 7, 2 })]
    [InlineData("  a", null, new[] { 0, 6, 7, 2 })]
    [InlineData("a  <mask>a</s>", null, new[] { 0, 4, 9, 4, 2, 2 })]
    [InlineData("a", "b", new[] { 0, 4, 2, 2, 5, 2 })]
    public void Roberta_puts_its_tokens_around_the_texts(string text, string? second, int[] ids)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(ids, Open(folder, Roberta).Encode(text, second, 100).Ids);
    }

    [Fact]
    public void Gpt2_sets_one_text_behind_the_other()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = Open(folder, Gpt2);

        Assert.Equal([4, 3, 5, 1], tokenizer.Encode("ab a", "<|endoftext|>b", 9).Ids);
        Assert.Equal((5, 6, null), (tokenizer.PadId, tokenizer.VocabularySize, tokenizer.MaskId));
    }

    [Theory]
    [InlineData("{}", """{ "pad_token_id": 2 }""", 2)]
    [InlineData("{}", """{ "pad_token_id": null }""", 5)]
    [InlineData("""{ "pad_token": "a" }""", """{ "pad_token_id": 2 }""", 0)]
    public void Padding_is_what_the_files_say(string config, string model, int pad)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", model);
        Assert.Equal(pad, Open(folder, Gpt2, config).PadId);
    }

    [Fact]
    public void A_space_goes_before_the_first_word_where_the_files_say_so()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal([3, 3], Open(folder, Gpt2, """{ "add_prefix_space": true }""").Encode("a a", null, 9).Ids);
    }

    [Fact]
    public void A_pair_has_no_types()
    {
        using var folder = new TemporaryFolder();
        var sequence = Open(folder, Roberta).Encode("a a a a", "b", 8);
        using var batch = TokenBatch.Of([sequence], 1);

        Assert.Equal([0, 4, 7, 7, 2, 2, 5, 2], sequence.Ids);
        Assert.Equal(6, sequence.Second);
        Assert.Null(batch.Types);
    }

    [Fact]
    public void What_is_saved_opens_again()
    {
        using var folder = new TemporaryFolder();
        using var copy = new TemporaryFolder();

        Open(folder, Roberta, """{ "odd": 1 }""").Save(copy.Path, 77);

        Assert.Equal(77, Tokenizers.Open(copy.Path).ModelMaxTokens);
        Assert.Equal(Roberta, File.ReadAllText(copy["vocab.json"]));
        Assert.Equal(Merges, File.ReadAllText(copy["merges.txt"]));
        var saved = JsonDocument.Parse(File.ReadAllText(copy["tokenizer_config.json"])).RootElement;
        Assert.Equal("RobertaTokenizer", saved.GetProperty("tokenizer_class").GetString());
        Assert.Equal(1, saved.GetProperty("odd").GetInt32());
    }

    [Theory]
    [InlineData(Gpt2, "#version: 0.2\nĠ a b\n", "merges.txt, line 2: 'Ġ a b' is not two tokens")]
    [InlineData(Gpt2, "#version: 0.2\nĠ a\nĠ b\n", "merges.txt, line 3: 'Ġb' of the merge 'Ġ b' is not in vocab.json")]
    [InlineData("""{"a":0}""", "", "vocab.json: the special tokens <|endoftext|> are missing")]
    [InlineData("{\"a\":0,\n\"b\":0}", "", "vocab.json, line 2: 'b' has id 0, which 'a' has already")]
    [InlineData("{\"a\":0,\n\"a\":1}", "", "vocab.json, line 2: 'a' is there already")]
    [InlineData("{\"a\":0,\n\"b\":\"1\"}", "", "vocab.json, line 2: the id of 'b' is no whole number")]
    [InlineData("{\"a\":0,\n", "", "vocab.json, line 2: ")]
    [InlineData("[]", "", "vocab.json, line 1: expected an object")]
    public void Files_that_do_not_fit_are_refused(string vocabulary, string merges, string reason)
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.json", vocabulary);
        folder.Write("merges.txt", merges);

        Assert.Contains(reason, Assert.Throws<BadInputException>(() => Tokenizers.Open(folder.Path)).Message);
    }

    private static ITokenizer Open(TemporaryFolder folder, string vocabulary, string config = "{}")
    {
        folder.Write("vocab.json", vocabulary);
        folder.Write("merges.txt", Merges);
        folder.Write("tokenizer_config.json", config);
        return Tokenizers.Open(folder.Path);
    }
}
