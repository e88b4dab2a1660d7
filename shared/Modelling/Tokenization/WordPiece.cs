using Microsoft.ML.Tokenizers;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>BERT's tokenizer: words cut into the longest pieces that the vocabulary holds.</summary>
internal sealed class WordPiece : ITokenizer
{
    public const string VocabularyFile = "vocab.txt";
    private const int LongestWord = 100;

    private readonly string[] _vocabulary;
    private readonly TokenizerConfig _config;
    private readonly WordPieceTokenizer _pieces;
    private readonly (string Token, int Id)[] _special;
    private readonly int _first;
    private readonly int _separator;

    public WordPiece(string[] vocabulary, TokenizerConfig config, string path)
    {
        _vocabulary = vocabulary;
        _config = config;
        var ids = Ids(vocabulary, path);
        string[] needed = [config.Unknown, config.Separator, config.Padding, config.First];
        var missing = needed.Where(token => !ids.ContainsKey(token)).ToList();
        if (missing.Count > 0)
            throw new BadInputException($"{path}: the special tokens {string.Join(", ", missing)} are missing.");

        _special =
        [
            .. needed.Append(config.Mask).Where(ids.ContainsKey).Distinct().Select(token => (token, ids[token])),
        ];
        (_first, _separator, PadId) = (ids[config.First], ids[config.Separator], ids[config.Padding]);
        MaskId = ids.TryGetValue(config.Mask, out var mask) ? mask : null;
        SpecialIds = _special.Select(special => special.Id).ToHashSet();

        using var lines = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', vocabulary)));
        _pieces = WordPieceTokenizer.Create(
            lines,
            new WordPieceOptions
            {
                UnknownToken = config.Unknown,
                MaxInputCharsPerWord = LongestWord,
                Normalizer = new BertNormalizer(config.LowerCase, config.StripAccents, config.SplitChinese),
                PreTokenizer = new BertWords(),
            }
        );
    }

    public int VocabularySize => _vocabulary.Length;
    public int PadId { get; }
    public int? MaskId { get; }
    public IReadOnlySet<int> SpecialIds { get; }
    public int ModelMaxTokens => _config.MaxTokens;

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
        var (keepA, keepB) = Shares(a.Count, b.Count, room);
        return new([_first, .. a.Take(keepA), _separator, .. b.Take(keepB), _separator], keepA + 2);
    }

    /// <summary>How much of each text of a pair stays: the longer is cut first, the odd token goes to the second.</summary>
    private static (int A, int B) Shares(int a, int b, int room)
    {
        if (a + b <= room)
            return (a, b);
        var shorter = Math.Min(a, b);
        var (less, more) = 2 * shorter <= room ? (shorter, room - shorter) : (room / 2, room - room / 2);
        return a > b ? (more, less) : (less, more);
    }

    /// <summary>The pieces of a text; special tokens written out in it stand for themselves, as in Transformers.</summary>
    private List<int> Pieces(string text)
    {
        var ids = new List<int>(text.Length / 3 + 2);
        var rest = text.AsSpan();
        while (FirstSpecial(rest) is var (at, length, id))
        {
            AppendPieces(ids, rest[..at]);
            ids.Add(id);
            rest = rest[(at + length)..];
        }
        AppendPieces(ids, rest);
        return ids;
    }

    private void AppendPieces(List<int> ids, ReadOnlySpan<char> text)
    {
        if (!text.IsWhiteSpace())
            ids.AddRange(_pieces.EncodeToIds(text));
    }

    private (int At, int Length, int Id)? FirstSpecial(ReadOnlySpan<char> text)
    {
        (int, int, int)? first = null;
        var before = text.Length;
        foreach (var (token, id) in _special)
            if (text[..before].IndexOf(token, StringComparison.Ordinal) is var at and >= 0)
            {
                first = (at, token.Length, id);
                before = at;
            }
        return first;
    }

    public void Save(string folder, int? maxTokens = null)
    {
        File.WriteAllText(Path.Combine(folder, VocabularyFile), string.Join('\n', _vocabulary) + "\n");
        _config.Write(folder, maxTokens);
    }
}
