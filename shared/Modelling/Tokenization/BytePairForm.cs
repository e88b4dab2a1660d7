namespace TransferPipeline.Modelling.Tokenization;

/// <summary>What a model of byte pairs puts around its texts; neither has token types.</summary>
/// <param name="Class">Its <c>tokenizer_class</c>.</param>
/// <param name="Defaults">Keys of its special tokens; null where it only has one when its files name it.</param>
/// <param name="TrimsOffsets">Whether spaces at a token's ends are no part of its place in a text.</param>
/// <param name="Before">Keys of what stands before the first text, <paramref name="Between"/> two, and
/// <paramref name="After"/> the last.</param>
internal sealed record BytePairForm(
    string Class,
    IReadOnlyList<(string Key, string? Token)> Defaults,
    IReadOnlyList<string> Before,
    IReadOnlyList<string> Between,
    IReadOnlyList<string> After,
    bool TrimsOffsets = false
)
{
    /// <summary>Texts as they are, a pair one after the other.</summary>
    public static readonly BytePairForm Gpt2 = new(
        "GPT2Tokenizer",
        [
            ("bos_token", "<|endoftext|>"),
            ("eos_token", "<|endoftext|>"),
            ("unk_token", "<|endoftext|>"),
            ("pad_token", null),
        ],
        [],
        [],
        []
    );

    /// <summary><c>&lt;s&gt; a &lt;/s&gt;&lt;/s&gt; b &lt;/s&gt;</c>.</summary>
    public static readonly BytePairForm Roberta = new(
        "RobertaTokenizer",
        [
            ("bos_token", "<s>"),
            ("eos_token", "</s>"),
            ("unk_token", "<unk>"),
            ("sep_token", "</s>"),
            ("pad_token", "<pad>"),
            ("cls_token", "<s>"),
            ("mask_token", "<mask>"),
        ],
        ["cls_token"],
        ["sep_token", "sep_token"],
        ["sep_token"],
        TrimsOffsets: true
    );

    /// <summary>The one that a folder's files are of: as its configuration says, else by the tokens that it has.</summary>
    public static BytePairForm Of(TokenizerConfig config, BytePairFiles files) =>
        config.Class?.Replace("Fast", "", StringComparison.Ordinal) is { } named
        && new[] { Gpt2, Roberta }.FirstOrDefault(form => form.Class == named) is { } known
            ? known
        : Roberta.Before.Concat(Roberta.After).All(key => files.Ids.ContainsKey(Roberta.Token(key))) ? Roberta
        : Gpt2;

    public IEnumerable<(string Key, string Token)> Names(TokenizerConfig config) =>
        from special in Defaults
        let token = config.Token(special.Key) ?? special.Token
        where token is not null
        select (special.Key, token);

    private string Token(string key) => Defaults.Single(special => special.Key == key).Token!;
}
