using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Tokenization;

public sealed class When_texts_are_cut_into_pieces
{
    [Fact]
    public void The_ids_and_types_are_those_of_the_tokenizers_library()
    {
        var goldens = SharedFiles.Require("fixtures", "tokens");
        var tokenizer = Tokenizers.Open(SharedFiles.Require("data", "tokenizers", "bert-base-uncased"));

        var wrong = new List<string>();
        var lines = TokenLines.Of(goldens, "texts").Zip(TokenLines.Of(goldens, "bert-base-uncased")).ToList();
        foreach (var (input, expected) in lines)
        {
            var pair = input.TryGetProperty("pair", out var second) ? second.GetString() : null;
            var sequence = tokenizer.Encode(input.GetProperty("text").GetString()!, pair, pair is null ? 100_000 : 128);
            var types = sequence.Ids.Select((_, i) => i < sequence.Second ? 0 : 1);
            if (
                !sequence.Ids.SequenceEqual(Ints(expected, "ids"))
                || (pair is not null && !types.SequenceEqual(Ints(expected, "types")))
            )
                wrong.Add(
                    $"{input}: [{string.Join(", ", sequence.Ids)}], not [{string.Join(", ", Ints(expected, "ids"))}]"
                );
        }

        Assert.Equal(3157, lines.Count);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(5)));
    }

    private static IEnumerable<int> Ints(JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(number => number.GetInt32());
}

public sealed class When_the_vocabulary_is_small
{
    private static readonly string[] Vocabulary =
    [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "a",
        "b",
        "##a",
        "c",
        "co",
        "##te",
        ".",
        "$",
        "\u4e2d",
        "\u1112\u1161\u11ab",
    ];

    [Theory]
    [InlineData("", new[] { 2, 3 })]
    [InlineData("  \t\r\n ", new[] { 2, 3 })]
    [InlineData("A b", new[] { 2, 5, 6, 3 })]
    [InlineData("ba.", new[] { 2, 6, 7, 11, 3 })]
    [InlineData("C\u00f4te", new[] { 2, 9, 10, 3 })]
    [InlineData("Co\u0302te", new[] { 2, 9, 10, 3 })]
    [InlineData("a\u4e2db", new[] { 2, 5, 13, 6, 3 })]
    [InlineData("\ud55c", new[] { 2, 14, 3 })]
    [InlineData("a$b", new[] { 2, 5, 12, 6, 3 })]
    [InlineData("a\u200db", new[] { 2, 1, 3 })]
    [InlineData("b\u0000\u200da", new[] { 2, 6, 7, 3 })]
    [InlineData("zz a", new[] { 2, 1, 5, 3 })]
    [InlineData("a[MASK]b [mask]", new[] { 2, 5, 4, 6, 1, 1, 1, 3 })]
    [InlineData("[SEP] [CLS][PAD]", new[] { 2, 3, 2, 0, 3 })]
    public void Hard_texts_become_these_ids(string text, int[] ids)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(ids, Open(folder).Encode(text, null, 100).Ids);
    }

    [Theory]
    [InlineData(100, 5)]
    [InlineData(101, 1)]
    public void A_word_of_more_than_a_hundred_letters_is_unknown(int length, int first)
    {
        using var folder = new TemporaryFolder();
        var ids = Open(folder).Encode(new string('a', length), null, 200).Ids;

        Assert.Equal(first, ids[1]);
        Assert.Equal(length > 100 ? 3 : length + 2, ids.Length);
    }

    [Theory]
    [InlineData(10, 2, 8, 3, 2)]
    [InlineData(2, 10, 8, 2, 3)]
    [InlineData(10, 10, 8, 2, 3)]
    [InlineData(10, 11, 8, 2, 3)]
    [InlineData(11, 10, 8, 3, 2)]
    [InlineData(1, 1, 8, 1, 1)]
    [InlineData(3, 0, 4, 1, 0)]
    public void Of_a_pair_the_longer_text_is_cut(int a, int b, int max, int keptA, int keptB)
    {
        using var folder = new TemporaryFolder();

        var sequence = Open(folder).Encode(Words(a), Words(b), max);

        int[] expected = [2, .. Enumerable.Repeat(5, keptA), 3, .. Enumerable.Repeat(5, keptB), 3];
        Assert.Equal(expected, sequence.Ids);
        Assert.Equal(keptA + 2, sequence.Second);

        static string Words(int count) => string.Join(' ', Enumerable.Repeat("a", count));
    }

    [Fact]
    public void What_is_saved_opens_again_and_keeps_unknown_keys()
    {
        using var folder = new TemporaryFolder();
        using var copy = new TemporaryFolder();
        var config =
            """{ "do_lower_case": true, "model_max_length": 77, "mask_token": { "content": "[MASK]" }, "odd": 1 }""";

        Open(folder, config).Save(copy.Path);

        var again = Tokenizers.Open(copy.Path);
        Assert.Equal(77, again.ModelMaxTokens);
        Assert.Equal(4, again.MaskId);
        Assert.Equal(File.ReadAllBytes(folder["vocab.txt"]), File.ReadAllBytes(copy["vocab.txt"]));
        var saved = JsonDocument.Parse(File.ReadAllText(copy["tokenizer_config.json"])).RootElement;
        Assert.Equal(1, saved.GetProperty("odd").GetInt32());
        Assert.Equal("BertTokenizer", saved.GetProperty("tokenizer_class").GetString());
    }

    [Fact]
    public void A_vocabulary_alone_makes_a_tokenizer_that_saves_its_limit()
    {
        using var folder = new TemporaryFolder();
        var vocabulary = folder.Write("words.txt", string.Join('\n', Vocabulary) + "\n");

        Tokenizers.WordPiece(vocabulary, lowerCase: false, maxTokens: 77).Save(folder.Path);

        var again = Tokenizers.Open(folder.Path);
        Assert.Equal(77, again.ModelMaxTokens);
        Assert.Equal([2, 1, 5, 3], again.Encode("A a", null, 9).Ids);
    }

    [Fact]
    public void Case_stays_where_the_model_knows_it()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal([2, 1, 5, 3], Open(folder, """{ "do_lower_case": false }""").Encode("A a", null, 9).Ids);
    }

    [Theory]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\na\n", "{}", "vocab.txt, line 6: 'a' is there already on line 5")]
    [InlineData("[PAD]\n[UNK]\na\n", "{}", "vocab.txt: the special tokens [SEP], [CLS] are missing")]
    [InlineData("[PAD]\n", """{ "do_lower_case": "yes" }""", "do_lower_case is \"yes\"; expected true, false or null")]
    [InlineData("[PAD]\n", """{ "model_max_length": -1 }""", "model_max_length is -1; expected a number of at least 4")]
    [InlineData("[PAD]\n", "{", "tokenizer_config.json: line 1")]
    public void Files_that_do_not_fit_are_refused(string vocabulary, string config, string reason)
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.txt", vocabulary);
        folder.Write("tokenizer_config.json", config);

        Assert.Contains(reason, Assert.Throws<BadInputException>(() => Tokenizers.Open(folder.Path)).Message);
    }

    private static ITokenizer Open(TemporaryFolder folder, string config = "{}")
    {
        folder.Write("vocab.txt", string.Join('\n', Vocabulary) + "\n");
        folder.Write("tokenizer_config.json", config);
        return Tokenizers.Open(folder.Path);
    }
}
