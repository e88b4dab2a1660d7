using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Tokenization.Learning;

namespace TransferPipeline.Modelling.Tokenization.Files;

/// <summary>BERT's tokenizer in one file.</summary>
internal static class WordPieceFile
{
    public static ITokenizer Read(JsonPart root, TokenizerConfig config)
    {
        var model = root["model"];
        model["continuing_subword_prefix"].Only(WordPieceVocabulary.Within);
        model["max_input_chars_per_word"].Only(WordPiece.LongestWord);

        var normalizer = root["normalizer"];
        normalizer["type"].Only("BertNormalizer");
        normalizer["clean_text"].Only(true);
        root["pre_tokenizer"]["type"].Only("BertPreTokenizer");
        foreach (
            var (key, part) in new[]
            {
                ("do_lower_case", normalizer["lowercase"]),
                ("strip_accents", normalizer["strip_accents"]),
                ("tokenize_chinese_chars", normalizer["handle_chinese_chars"]),
            }
        )
            if (!part.IsMissing)
                config.Add(key, part.Flag);

        var added = new AddedTokens(root);
        added.RefuseNormalized();
        var around = Around(root["post_processor"], added.Ids);
        config.Add("unk_token", model["unk_token"].Text);
        config.Add("cls_token", around.First!);
        config.Add("sep_token", around.Last!);
        added.Tell(config, WordPiece.Names(config).Select(name => name.Token));
        return new WordPiece(InOrder(added.Ids, root.File), config, root.File);
    }

    private static Template Around(JsonPart part, Dictionary<string, int> ids) =>
        part["type"].IsMissing
            ? throw part.Refuse("TemplateProcessing or BertProcessing")
            : part["type"].Text switch
            {
                "TemplateProcessing" => Template.Of(part, ids, (cls, sep) => $"{cls} $A {sep} $B:1 {sep}:1"),
                "BertProcessing" => Template.OfNames(part, ids),
                _ => throw part["type"].Refuse("TemplateProcessing or BertProcessing"),
            };

    /// <summary>Tokens by their ids, which are those of the lines of a <c>vocab.txt</c>.</summary>
    private static string[] InOrder(Dictionary<string, int> ids, string file)
    {
        var tokens = new string[ids.Count];
        foreach (var (token, id) in ids)
            if (id >= tokens.Length || tokens[id] is not null || token.AsSpan().ContainsAny('\n', '\r'))
                throw new BadInputException(
                    $"{file}: '{token}' has id {id}; expected tokens of one line, with each id from 0 to {tokens.Length - 1} once."
                );
            else
                tokens[id] = token;
        return tokens;
    }
}
