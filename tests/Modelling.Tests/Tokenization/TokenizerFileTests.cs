using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Tokenization;

public sealed class When_a_tokenizer_is_one_file
{
    [Theory]
    [InlineData("bert-base-uncased", false)]
    [InlineData("bert-base-uncased", true)]
    [InlineData("gpt2", true)]
    [InlineData("roberta-base", true)]
    public void Its_ids_and_places_are_those_of_the_vocabulary_files_and_of_the_tokenizers_library(
        string name,
        bool made
    )
    {
        var goldens = SharedFiles.Require("fixtures", "tokens");
        var files = SharedFiles.Require("data", "tokenizers", name);
        using var folder = new TemporaryFolder();
        if (made)
            folder.Write("tokenizer.json", TokenizerDocuments.Of(files).ToJsonString());
        else
            File.Copy(Path.Combine(files, "tokenizer.json"), folder["tokenizer.json"]);
        var (one, many) = (Tokenizers.Open(folder.Path), Tokenizers.Open(files));

        var wrong = new List<string>();
        var lines = TokenLines.Of(goldens, "texts").Zip(TokenLines.Of(goldens, name)).ToList();
        foreach (var (input, expected) in lines)
        {
            var text = input.GetProperty("text").GetString()!;
            var pair = input.TryGetProperty("pair", out var second) ? second.GetString() : null;
            if (expected.TryGetProperty("joined", out var joined))
                (text, pair) = (text + joined.GetString() + pair, null);
            var most = input.TryGetProperty("pair", out _) ? 128 : 100_000;
            var sequence = one.Encode(text, pair, most);
            var ids = expected.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32());
            if (
                !sequence.Ids.SequenceEqual(ids)
                || sequence.Second != many.Encode(text, pair, most).Second
                || !one.Spans(text).SequenceEqual(many.Spans(text))
            )
                wrong.Add($"{input}: [{string.Join(", ", sequence.Ids)}]");
        }

        Assert.Equal(3157, lines.Count);
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ\n" + string.Join('\n', wrong.Take(5)));
        Assert.Equal(
            (many.PadId, many.MaskId, many.EndId, many.VocabularySize),
            (one.PadId, one.MaskId, one.EndId, one.VocabularySize)
        );
        Assert.Equal(many.SpecialIds.Order(), one.SpecialIds.Order());
    }

    [Theory]
    [InlineData("bert-sequence-classification")]
    [InlineData("distilbert-sequence-classification")]
    [InlineData("gpt2-sequence-classification")]
    [InlineData("roberta-sequence-classification")]
    public void The_small_ones_are_the_same_from_either(string golden)
    {
        var files = GoldenFolders.Of(golden)[0];
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "config.json", "tokenizer_config.json" })
            if (File.Exists(Path.Combine(files, name)))
                File.Copy(Path.Combine(files, name), folder[name]);
        folder.Write("tokenizer.json", TokenizerDocuments.Of(files).ToJsonString());
        var (one, many) = (Tokenizers.Open(folder.Path), Tokenizers.Open(files));

        foreach (
            var text in new[] { "A wonderful, moving Film!", "", " two  spaces ", "Beyoncé [MASK] <mask> x", "中文 a" }
        )
        {
            Assert.Equal(many.Encode(text, null, 100).Ids, one.Encode(text, null, 100).Ids);
            Assert.Equal(many.Encode(text, "second text", 100).Ids, one.Encode(text, "second text", 100).Ids);
        }
    }

    [Theory]
    [InlineData("normalizer.lowercase", "false", "A\u00e9", new[] { 1 })]
    [InlineData("normalizer.lowercase", "true", "A\u00e9", new[] { 5, 7 })]
    [InlineData("normalizer.strip_accents", "false", "A\u00e9", new[] { 5, 8 })]
    [InlineData("normalizer.handle_chinese_chars", "false", "a\u4e2d", new[] { 1 })]
    [InlineData("normalizer.handle_chinese_chars", "true", "a\u4e2d", new[] { 5, 9 })]
    public void What_it_says_of_a_text_is_done(string key, string value, string text, int[] ids)
    {
        var document = Bert();
        Set(document, key, value);

        Assert.Equal([2, .. ids, 3], Open(document).Encode(text, null, 9).Ids);
    }

    [Fact]
    public void The_configuration_beside_it_goes_before_it()
    {
        Assert.Equal([2, 1, 3], Open(Bert(), """{ "do_lower_case": false }""").Encode("A", null, 9).Ids);
        Assert.Equal([4, 0], Open(Gpt2(), """{ "add_prefix_space": true }""").Encode("a<|endoftext|>", null, 9).Ids);
    }

    [Fact]
    public void A_space_goes_before_a_text_where_it_says_so()
    {
        var document = Gpt2();
        Set(document, "pre_tokenizer.add_prefix_space", "true");

        Assert.Equal([4], Open(document).Encode("a", null, 9).Ids);
    }

    [Fact]
    public void Joins_may_be_texts_or_pairs()
    {
        var document = Gpt2();
        Set(document, "model.merges", """["Ġ a", "a b"]""");

        Assert.Equal(Open(Gpt2()).Encode("ab a", null, 9).Ids, Open(document).Encode("ab a", null, 9).Ids);
        Assert.Equal([5, 4], Open(document).Encode("ab a", null, 9).Ids);
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("gpt2")]
    public void An_added_token_stands_for_itself_also_when_it_was_saved_as_vocabulary_files(string kind)
    {
        var document = kind == "bert" ? Bert() : Gpt2();
        var id = kind == "bert" ? 10 : 6;
        document["added_tokens"]!.AsArray().Add(Token("<E a>", id));
        using var copy = new TemporaryFolder();

        var tokenizer = Open(document);
        tokenizer.Save(copy.Path);
        var again = Tokenizers.Open(copy.Path);

        Assert.False(File.Exists(copy["tokenizer.json"]));
        Assert.Contains(id, tokenizer.Encode("a<E a>b", null, 9).Ids);
        Assert.Contains(id, tokenizer.SpecialIds);
        foreach (var text in new[] { "a<E a>b", "a <e a> b", "ab [SEP]<|endoftext|>" })
            Assert.Equal(tokenizer.Encode(text, "a", 30).Ids, again.Encode(text, "a", 30).Ids);
        Assert.Equal(tokenizer.SpecialIds.Order(), again.SpecialIds.Order());
    }

    [Fact]
    public void Special_tokens_may_have_other_names()
    {
        var document = JsonNode.Parse(Bert().ToJsonString().Replace("[CLS]", "<first>").Replace("[SEP]", "<end>"))!;
        using var copy = new TemporaryFolder();

        var tokenizer = Open(document.AsObject());
        tokenizer.Save(copy.Path);

        Assert.Equal([2, 5, 3, 6, 3], tokenizer.Encode("a", "b", 9).Ids);
        Assert.Equal([2, 5, 3, 6, 3], Tokenizers.Open(copy.Path).Encode("a", "b", 9).Ids);
    }

    [Fact]
    public void A_template_may_stand_for_a_processor_with_a_name()
    {
        var named = Bert();
        Set(named, "post_processor", """{ "type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2] }""");
        Assert.Equal([2, 5, 3, 6, 3], Open(named).Encode("a", "b", 9).Ids);

        var roberta = Roberta();
        Assert.Equal([0, 4, 2, 2, 5, 2], Open(roberta).Encode("a", "b", 9).Ids);
        Set(
            roberta,
            "post_processor",
            """
            { "type": "TemplateProcessing",
              "single": [{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],
              "pair": [{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}},{"Sequence":{"id":"B","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],
              "special_tokens": {"<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]},"</s>":{"id":"</s>","ids":[2],"tokens":["</s>"]}} }
            """
        );
        Assert.Equal([0, 4, 2, 2, 5, 2], Open(roberta).Encode("a", "b", 9).Ids);
    }

    [Theory]
    [InlineData("model.type", "\"Unigram\"", "model.type is \"Unigram\"; expected WordPiece or BPE")]
    [InlineData("model.continuing_subword_prefix", "\"_\"", "expected \"##\"")]
    [InlineData("model.max_input_chars_per_word", "50", "model.max_input_chars_per_word is 50; expected 100")]
    [InlineData("model.vocab.b", "5", "model.vocab.b is 5; expected another id than that of 'a'")]
    [InlineData("model.vocab.b", "\"x\"", "model.vocab.b is \"x\"; expected a whole number")]
    [InlineData("model.vocab.b", "77", "'b' has id 77; expected tokens of one line, with each id from 0 to 9 once")]
    [InlineData("normalizer", "{\"type\":\"NFC\"}", "normalizer.type is \"NFC\"; expected \"BertNormalizer\"")]
    [InlineData("normalizer", "null", "normalizer.type is missing; expected \"BertNormalizer\"")]
    [InlineData("normalizer.clean_text", "false", "normalizer.clean_text is false; expected true")]
    [InlineData("normalizer.lowercase", "1", "normalizer.lowercase is 1; expected true or false")]
    [InlineData("pre_tokenizer", "{\"type\":\"Whitespace\"}", "pre_tokenizer.type is \"Whitespace\"")]
    [InlineData("post_processor", "null", "post_processor is null; expected TemplateProcessing or BertProcessing")]
    [InlineData("post_processor.type", "\"Sequence\"", "post_processor.type is \"Sequence\"")]
    [InlineData("post_processor.single", "[]", "post_processor.single is []; expected a token, $A and a token")]
    [InlineData("post_processor.pair", "[]", "expected [CLS] $A [SEP] $B:1 [SEP]:1")]
    [InlineData("post_processor.special_tokens.[SEP].ids", "[9]", "expected 3, the id of '[SEP]'")]
    [InlineData("added_tokens.0.special", "false", "added_tokens[0].special is false; expected true")]
    [InlineData("added_tokens.0.single_word", "true", "added_tokens[0].single_word is true; expected false")]
    [InlineData("added_tokens.0.rstrip", "true", "added_tokens[0].rstrip is true; expected false")]
    [InlineData("added_tokens.0.lstrip", "true", "added_tokens[0].lstrip is true; expected false")]
    [InlineData("added_tokens.0.normalized", "true", "added_tokens[0].normalized is true; expected false")]
    [InlineData("added_tokens.0.id", "5", "added_tokens[0].id is 5; expected 0, the id of '[PAD]' in model.vocab")]
    public void What_is_not_known_is_refused_by_its_key(string key, string value, string reason)
    {
        var document = Bert();
        Set(document, key, value);

        var refused = Assert.Throws<BadInputException>(() => Open(document));
        Assert.Contains("tokenizer.json: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("normalizer", "{\"type\":\"NFC\"}", "normalizer is {\"type\":\"NFC\"}; expected none")]
    [InlineData("pre_tokenizer.use_regex", "false", "pre_tokenizer.use_regex is false; expected true")]
    [InlineData("model.byte_fallback", "true", "model.byte_fallback is true; expected false")]
    [InlineData("model.ignore_merges", "true", "model.ignore_merges is true; expected false")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix is \"</w>\"; expected none")]
    [InlineData("model.merges", "[\"a\"]", "model.merges[0] is \"a\"; expected two tokens")]
    [InlineData("model.merges", "[[\"b\",\"a\"]]", "expected 'ba' to be in model.vocab")]
    [InlineData("post_processor", "{\"type\":\"Sequence\"}", "post_processor.type is \"Sequence\"")]
    public void Neither_are_pairs_of_bytes_of_another_kind(string key, string value, string reason)
    {
        var document = Gpt2();
        Set(document, key, value);

        Assert.Contains(
            reason,
            Assert.Throws<BadInputException>(() => Open(document)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("{", "tokenizer.json: line 1")]
    [InlineData("[]", "tokenizer.json: model.type is missing; expected WordPiece or BPE")]
    [InlineData("""{ "model": 1, "model": 2 }""", "tokenizer.json: Duplicate property 'model'")]
    public void A_damaged_file_is_refused(string text, string reason)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", text);

        Assert.Contains(reason, Assert.Throws<BadInputException>(() => Tokenizers.Open(folder.Path)).Message);
    }

    [Fact]
    public void A_folder_without_any_is_told_what_was_looked_for()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "holds no vocab.txt, no vocab.json and no tokenizer.json",
            Assert.Throws<BadInputException>(() => Tokenizers.Open(folder.Path)).Message
        );
    }

    private static JsonObject Bert() =>
        TokenizerDocuments.WordPiece([
            "[PAD]",
            "[UNK]",
            "[CLS]",
            "[SEP]",
            "[MASK]",
            "a",
            "b",
            "##e",
            "##\u00e9",
            "\u4e2d",
        ]);

    private static JsonObject Gpt2() =>
        TokenizerDocuments.BytePair(
            JsonNode.Parse("""{"<|endoftext|>":0,"a":1,"b":2,"Ġ":3,"Ġa":4,"ab":5}""")!.AsObject(),
            ["Ġ a", "a b"],
            roberta: false
        );

    private static JsonObject Roberta() =>
        TokenizerDocuments.BytePair(
            JsonNode.Parse("""{"<s>":0,"<pad>":1,"</s>":2,"<unk>":3,"a":4,"b":5,"Ġ":6,"<mask>":7}""")!.AsObject(),
            [],
            roberta: true
        );

    private static JsonObject Token(string token, int id) => TokenizerDocuments.Token(token, id);

    private static void Set(JsonObject document, string key, string value)
    {
        var parts = key.Split('.');
        JsonNode node = document;
        foreach (var part in parts[..^1])
            node = (node is JsonArray list ? list[int.Parse(part)] : node[part])!;
        node.AsObject()[parts[^1]] = JsonNode.Parse(value);
    }

    private static ITokenizer Open(JsonObject document, string config = "{}")
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", document.ToJsonString());
        folder.Write("tokenizer_config.json", config);
        return Tokenizers.Open(folder.Path);
    }
}
