using Microsoft.ML.Tokenizers;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Tokenization.Learning;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>BERT's tokenizer: words cut into the longest pieces that the vocabulary holds.</summary>
internal sealed class WordPiece : ITokenizer
{
    public const string VocabularyFile = "vocab.txt";
    public const int LongestWord = 100;

    private readonly string[] _vocabulary;
    private readonly TokenizerConfig _config;
    private readonly WordPieceTokenizer _pieces;
    private readonly BertNormalizer _normalizer;
    private readonly (string Key, string Token)[] _names;
    private readonly SpecialTokens _special;
    private readonly int _first;
    private readonly int _separator;

    public WordPiece(string[] vocabulary, TokenizerConfig config, string path)
    {
        _vocabulary = vocabulary;
        _config = config;
        var lowerCase = config.Flag("do_lower_case") ?? true;
        _normalizer = new BertNormalizer(
            lowerCase,
            config.Flag("strip_accents") ?? lowerCase,
            config.Flag("tokenize_chinese_chars") ?? true
        );
        var ids = Ids(vocabulary, path);
        _names = Names(config);
        var (unknown, separator, padding, first, hidden) = (_names[0], _names[1], _names[2], _names[3], _names[4]);
        var missing = _names[..^1].Select(name => name.Token).Where(token => !ids.ContainsKey(token)).ToList();
        if (missing.Count > 0)
            throw new BadInputException($"{path}: the special tokens {string.Join(", ", missing)} are missing.");

        _special = new(
            _names
                .Select(name => name.Token)
                .Concat(config.MoreSpecial)
                .Where(ids.ContainsKey)
                .Select(token => (token, ids[token]))
        );
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
                Normalizer = _normalizer,
                PreTokenizer = new BertWords(),
            }
        );
    }

    /// <summary>Keys and tokens of unknown, separator, padding, first and mask.</summary>
    public static (string Key, string Token)[] Names(TokenizerConfig config)
    {
        return
        [
            Name("unk_token", "[UNK]"),
            Name("sep_token", "[SEP]"),
            Name("pad_token", "[PAD]"),
            Name("cls_token", "[CLS]"),
            Name("mask_token", "[MASK]"),
        ];

        (string, string) Name(string key, string otherwise) => (key, config.Token(key) ?? otherwise);
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

    public string TokenOf(int id) => _vocabulary[id];

    public string TextOf(int id) =>
        SpecialIds.Contains(id) ? ""
        : Continues(id) ? _vocabulary[id][WordPieceVocabulary.Within.Length..]
        : _vocabulary[id];

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

    public int SpecialBefore => 1;

    public int SpecialCount(bool pair) => pair ? 3 : 2;

    public TokenSequence Encode(string text, string? second, int maxTokens)
    {
        var room = maxTokens - SpecialCount(second is not null);
        ArgumentOutOfRangeException.ThrowIfNegative(room, nameof(maxTokens));
        var a = Pieces(text);
        if (second is null)
            return Wrap([.. a.Take(room)]);

        var b = Pieces(second);
        var (keepA, keepB) = Truncation.Shares(a.Count, b.Count, room);
        return Wrap([.. a.Take(keepA)], [.. b.Take(keepB)]);
    }

    public TokenSequence Wrap(IReadOnlyList<int> first, IReadOnlyList<int>? second = null) =>
        second is null
            ? new([_first, .. first, _separator], first.Count + 2)
            : new([_first, .. first, _separator, .. second, _separator], first.Count + 2);

    public IReadOnlyList<TokenSpan> Spans(string text) => _special.Spans(text, AppendSpans);

    private void AppendSpans(List<TokenSpan> spans, int start, ReadOnlySpan<char> text)
    {
        if (text.IsWhiteSpace())
            return;
        var places = new List<(int Start, int End)>(text.Length + 16);
        var normalized = _normalizer.Normalize(text, places);
        foreach (var piece in _pieces.EncodeToTokens(normalized, out _, considerNormalization: false))
        {
            var (from, to) = (piece.Offset.Start.Value, piece.Offset.End.Value);
            spans.Add(new(piece.Id, start + places[from].Start, start + places[to - 1].End));
        }
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
