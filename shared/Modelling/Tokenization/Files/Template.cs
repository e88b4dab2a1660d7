namespace TransferPipeline.Modelling.Tokenization.Files;

/// <summary><c>post_processor</c>: the special tokens around one text, or two.</summary>
/// <param name="First">What stands first; null where a text does.</param>
/// <param name="Last">What stands last.</param>
internal sealed record Template(string? First, string? Last)
{
    /// <summary>Texts as they are.</summary>
    public static Template None { get; } = new(null, null);

    /// <summary>A <c>TemplateProcessing</c> of this form.</summary>
    /// <param name="pair">Of two texts, by the first and last token of one; types other than 0 after a colon.</param>
    public static Template Of(JsonPart part, IReadOnlyDictionary<string, int> ids, Func<string, string, string> pair)
    {
        var single = Pieces(part["single"]);
        if (single is not [var first, "$A", var last] || first[0] == '$' || last[0] == '$')
            throw part["single"].Refuse("a token, $A and a token");
        var expected = pair(first, last);
        if (string.Join(' ', Pieces(part["pair"])) != expected)
            throw part["pair"].Refuse(expected);
        foreach (var token in new[] { first, last })
        {
            var given = part["special_tokens"][token]["ids"];
            var one = given.Items.ToList();
            Check(one.Count == 1 ? one[0] : given, token, ids);
        }
        return new(first, last);
    }

    /// <summary><c>BertProcessing</c> or <c>RobertaProcessing</c>.</summary>
    public static Template OfNames(JsonPart part, IReadOnlyDictionary<string, int> ids) =>
        new(Named(part["cls"], ids), Named(part["sep"], ids));

    private static string Named(JsonPart part, IReadOnlyDictionary<string, int> ids)
    {
        if (part.Items.ToList() is not [var token, var id])
            throw part.Refuse("a token and its id");
        Check(id, token.Text, ids);
        return token.Text;
    }

    private static void Check(JsonPart id, string token, IReadOnlyDictionary<string, int> ids)
    {
        if (!ids.TryGetValue(token, out var known))
            throw id.Refuse($"'{token}' to be in the vocabulary");
        if (id.Number != known)
            throw id.Refuse($"{known}, the id of '{token}'");
    }

    private static string[] Pieces(JsonPart list) =>
        [
            .. list.Items.Select(item =>
            {
                var isText = !item["Sequence"].IsMissing;
                var piece = item[isText ? "Sequence" : "SpecialToken"];
                var type = piece["type_id"].Number;
                return (isText ? "$" : "") + piece["id"].Text + (type == 0 ? "" : $":{type}");
            }),
        ];
}
