using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Tokenization.Files;

/// <summary>GPT-2's or RoBERTa's tokenizer in one file.</summary>
internal static class BytePairFile
{
    private const string Processing = "RobertaProcessing, TemplateProcessing, ByteLevel or none";

    public static ITokenizer Read(JsonPart root, TokenizerConfig config, int? padId)
    {
        var model = root["model"];
        model["dropout"].OnlyNone();
        model["continuing_subword_prefix"].OnlyNone();
        model["end_of_word_suffix"].OnlyNone();
        model["byte_fallback"].Only(false);
        model["ignore_merges"].Only(false);
        root["normalizer"].OnlyNone();
        var words = root["pre_tokenizer"];
        words["type"].Only("ByteLevel");
        words["use_regex"].Only(true);
        if (!words["add_prefix_space"].IsMissing)
            config.Add("add_prefix_space", words["add_prefix_space"].Flag);

        var added = new AddedTokens(root);
        var merges = Merges(model["merges"], added.Ids);
        var around = Around(root["post_processor"], added.Ids);
        var form = around == Template.None ? BytePairForm.Gpt2 : BytePairForm.Roberta;
        if (around != Template.None)
        {
            config.Add("cls_token", around.First!);
            config.Add("sep_token", around.Last!);
        }
        var names = form.Names(config).ToList();
        added.Tell(
            config,
            names.Select(name => name.Token),
            names.FirstOrDefault(name => name.Key == "mask_token").Token
        );
        return new BytePair(new BytePairFiles(root.File, added.Ids, merges), config, form, padId);
    }

    private static Template Around(JsonPart part, Dictionary<string, int> ids) =>
        part.IsMissing
            ? Template.None
            : part["type"].Text switch
            {
                "ByteLevel" => Template.None,
                "RobertaProcessing" => Template.OfNames(part, ids),
                "TemplateProcessing" => Template.Of(part, ids, (cls, sep) => $"{cls} $A {sep} {sep} $B {sep}"),
                _ => throw part["type"].Refuse(Processing),
            };

    /// <summary>As texts with a space between two tokens, or as pairs.</summary>
    private static List<string> Merges(JsonPart list, Dictionary<string, int> ids)
    {
        var merges = new List<string>();
        foreach (var part in list.Items)
        {
            string[] tokens =
                part.Value.ValueKind == System.Text.Json.JsonValueKind.Array
                    ? [.. part.Items.Select(token => token.Text)]
                    : part.Text.Split(' ');
            if (tokens is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw part.Refuse("two tokens");
            foreach (var token in new[] { left, right, left + right })
                if (!ids.ContainsKey(token))
                    throw part.Refuse($"'{token}' to be in model.vocab");
            merges.Add($"{left} {right}");
        }
        return merges;
    }
}
