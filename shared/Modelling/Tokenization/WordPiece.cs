using Microsoft.ML.Tokenizers;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Tokenization.Learning;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>BERT's tokenizer: words cut into the longest pieces that the vocabulary holds.</summary>
internal sealed class WordPiece : ITokenizer
{
    public const string VocabularyFile = "vocab.txt";
    private const int LongestWord = 100;

    private readonly string[] _vocabulary;
    private readonly TokenizerConfig _config;
    private readonly WordPieceTokenizer _pieces;
    private readonly (string Key, string Token)[] _names;
    private readonly SpecialTokens _special;
    private readonly int _first;
    private readonly int _separator;

    public WordPiece(string[] vocabulary, TokenizerConfig config, string path)
    {
        _vocabulary = vocabulary;
        _config = config;
        var lowerCase = config.Flag("do_lower_case") ?? true;
        var normalizer = new BertNormalizer(
            lowerCase,
            config.Flag("strip_accents") ?? lowerCase,
            config.Flag("tokenize_chinese_chars") ?? true
        );
        var ids = Ids(vocabulary, path);
        var (unknown, separator, padding) = (
            Name("unk_token", "[UNK]"),
            Name("sep_token", "[SEP]"),
            Name("pad_token", "[PAD]")
        );
        var (first, hidden) = (Name("cls_token", "[CLS]"), Name("mask_token", "[MASK]"));
        _names = [unknown, separator, padding, first, hidden];
        var missing = _names[..^1].Select(name => name.Token).Where(token => !ids.ContainsKey(token)).ToList();
        if (missing.Count > 0)
            throw new BadInputException($"{path}: the special tokens {string.Join(", ", missing)} are missing.");

        _special = new(_names.Select(name => name.Token).Where(ids.ContainsKey).Select(token => (token, ids[token])));
        (_first, _separator, PadId) = (ids[first.Token], ids[separator.Token], ids[padding.Token]);
        MaskId = ids.TryGetValue(hidden.Token, out var mask) ? mask : null;
        SpecialIds = _special.Ids;

        using var lines = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', vocabulary)));
        _pieces = WordPieceTokenizer.Create(
            lines,
            new WordPieceOptions
            {
                UnknownToken = unknown.Token,
                MaxInputCharsPerWord = LongestWord,
                Normalizer = normalizer,
                PreTokenizer = new BertWords(),
            }
        );

        (string Key, string Token) Name(string key, string otherwise) => (key, config.Token(key) ?? otherwise);
    }

    public int VocabularySize => _vocabulary.Length;
    public int PadId { get; }
    public int? MaskId { get; }
    public int? EndId => null;
    public IReadOnlySet<int> SpecialIds { get; }
    public int ModelMaxTokens => _config.MaxTokens;

    public bool Continues(int id) =>
        _vocabulary[id].StartsWith(WordPieceVocabulary.Within, StringComparison.Ordinal)
        && _vocabulary[id].Length > WordPieceVocabulary.Within.Length;

    private static Dictionary<string, int> Ids(string[] vocabulary, string path)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < vocabulary.Length; id++)
            if (!ids.TryAdd(vocabulary[id], id))
                throw new BadInputException(
                    $"{path}, line {id + 1}: '{vocabulary[id]}' is there already on line {ids[vocabulary[id]] + 1}."
                );
        return ids;
    }

    public TokenSequence Encode(string text, string? second, int maxTokens)
    {
        var room = maxTokens - (second is null ? 2 : 3);
        ArgumentOutOfRangeException.ThrowIfNegative(room, nameof(maxTokens));
        var a = Pieces(text);
        if (second is null)
        {
            List<int> alone = [_first, .. a.Take(room), _separator];
            return new([.. alone], alone.Count);
        }

        var b = Pieces(second);
        var (keepA, keepB) = Truncation.Shares(a.Count, b.Count, room);
        return new([_first, .. a.Take(keepA), _separator, .. b.Take(keepB), _separator], keepA + 2);
    }

    /// <summary>The pieces of a text; special tokens written out in it stand for themselves, as in Transformers.</summary>
    private List<int> Pieces(string text) => _special.Encode(text, AppendPieces);

    private void AppendPieces(List<int> ids, ReadOnlySpan<char> text)
    {
        if (!text.IsWhiteSpace())
            ids.AddRange(_pieces.EncodeToIds(text));
    }

    public void Save(string folder, int? maxTokens = null)
    {
        File.WriteAllText(Path.Combine(folder, VocabularyFile), string.Join('\n', _vocabulary) + "\n");
        _config.Write(folder, maxTokens, "BertTokenizer", _names);
    }
}
