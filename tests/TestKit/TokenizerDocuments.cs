using System.Text.Json.Nodes;

namespace TransferPipeline.TestKit;

/// <summary>Documents as the tokenizers library writes them, of the vocabulary files of a folder.</summary>
public static class TokenizerDocuments
{
    private static readonly string[] RobertaSpecial = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"];

    public static JsonObject Of(string folder)
    {
        var words = Path.Combine(folder, "vocab.txt");
        if (File.Exists(words))
            return WordPiece(File.ReadAllLines(words));
        var vocabulary = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "vocab.json")))!.AsObject();
        var merges = File.ReadLines(Path.Combine(folder, "merges.txt"))
            .Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal));
        return BytePair(vocabulary, merges, vocabulary.ContainsKey("<s>"));
    }

    public static JsonObject WordPiece(IReadOnlyList<string> tokens)
    {
        var document = JsonNode
            .Parse(
                """
                {
                  "version": "1.0", "truncation": null, "padding": null,
                  "normalizer": { "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true },
                  "pre_tokenizer": { "type": "BertPreTokenizer" },
                  "post_processor": {
                    "type": "TemplateProcessing",
                    "single": [{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],
                    "pair": [{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}},{"Sequence":{"id":"B","type_id":1}},{"SpecialToken":{"id":"[SEP]","type_id":1}}],
                    "special_tokens": {"[CLS]":{"id":"[CLS]","ids":[0],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[0],"tokens":["[SEP]"]}}
                  },
                  "decoder": { "type": "WordPiece", "prefix": "##", "cleanup": true },
                  "model": { "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100 }
                }
                """
            )!
            .AsObject();
        foreach (var (token, entry) in document["post_processor"]!["special_tokens"]!.AsObject())
            entry!["ids"] = new JsonArray(tokens.Index().Single(line => line.Item == token).Index);
        document["model"]!["vocab"] = new JsonObject(
            tokens.Index().Select(line => KeyValuePair.Create(line.Item, (JsonNode?)line.Index))
        );
        document["added_tokens"] = new JsonArray([
            .. tokens
                .Index()
                .Where(line => line.Item is "[PAD]" or "[UNK]" or "[CLS]" or "[SEP]" or "[MASK]")
                .Select(line => (JsonNode)Token(line.Item, line.Index)),
        ]);
        return document;
    }

    /// <summary>Merges as pairs, as new versions write them; the model's kind is left out, as in old ones.</summary>
    public static JsonObject BytePair(JsonObject vocabulary, IEnumerable<string> merges, bool roberta)
    {
        string[] special = roberta ? RobertaSpecial : ["<|endoftext|>"];
        var after = roberta
            ? $$"""{ "type": "RobertaProcessing", "sep": ["</s>", {{vocabulary["</s>"]}}], "cls": ["<s>", {{vocabulary["<s>"]}}], "trim_offsets": true, "add_prefix_space": false }"""
            : """{ "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false }""";
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([
                .. special.Select(token => (JsonNode)Token(token, (int)vocabulary[token]!, blanks: token == "<mask>")),
            ]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = JsonNode.Parse(
                """{ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true }"""
            ),
            ["post_processor"] = JsonNode.Parse(after),
            ["model"] = new JsonObject
            {
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = "",
                ["end_of_word_suffix"] = "",
                ["fuse_unk"] = false,
                ["vocab"] = vocabulary.DeepClone(),
                ["merges"] = new JsonArray([
                    .. merges.Select(merge =>
                        (JsonNode)new JsonArray([.. merge.Split(' ').Select(one => (JsonNode)one)])
                    ),
                ]),
            },
        };
    }

    public static JsonObject Token(string token, int id, bool blanks = false) =>
        new()
        {
            ["id"] = id,
            ["content"] = token,
            ["single_word"] = false,
            ["lstrip"] = blanks,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        };
}
