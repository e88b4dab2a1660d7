using Microsoft.ML.Tokenizers;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>GPT-2's and RoBERTa's tokenizer: the bytes of a word, joined in the order in which joins were learnt.</summary>
internal sealed class BytePair : ITokenizer
{
    /// <summary>What stands for a blank's byte in <c>vocab.json</c>.</summary>
    private const char Blank = '\u0120';

    private readonly BytePairFiles _files;
    private readonly TokenizerConfig _config;
    private readonly BytePairForm _form;
    private readonly (string Key, string Token)[] _names;
    private readonly BpeTokenizer _pieces;
    private readonly SpecialTokens _special;
    private readonly string[] _tokens;
    private readonly bool _prefixSpace;
    private readonly int[] _before;
    private readonly int[] _between;
    private readonly int[] _after;
    private readonly HashSet<int> _starts;

    /// <param name="padId">The padding of the model's own configuration, where it names one.</param>
    public BytePair(BytePairFiles files, TokenizerConfig config, BytePairForm form, int? padId)
    {
        (_files, _config, _form) = (files, config, form);
        _prefixSpace = config.Flag("add_prefix_space") ?? false;
        _names = [.. form.Names(config)];
        var missing = _names.Where(name => !files.Ids.ContainsKey(name.Token)).Select(name => name.Token).Distinct();
        if (string.Join(", ", missing) is { Length: > 0 } tokens)
            throw new BadInputException($"{files.Path}: the special tokens {tokens} are missing.");

        (_before, _between, _after) = (Ids(form.Before), Ids(form.Between), Ids(form.After));
        PadId = Id("pad_token") ?? padId ?? Id("eos_token")!.Value;
        MaskId = Id("mask_token");
        VocabularySize = files.Ids.Values.Max() + 1;
        _tokens = new string[VocabularySize];
        foreach (var (token, id) in files.Ids)
            _tokens[id] = token;
        _special = new(
            _names
                .Select(name => name.Token)
                .Concat(config.MoreSpecial.Where(files.Ids.ContainsKey))
                .Select(token => (token, files.Ids[token])),
            _names.FirstOrDefault(name => name.Key == "mask_token").Token
        );
        SpecialIds = _special.Ids;
        _starts = [.. files.Ids.Where(token => token.Key.StartsWith(Blank)).Select(token => token.Value)];
        _pieces = BpeTokenizer.Create(
            new BpeOptions(files.Ids)
            {
                Merges = files.Merges,
                ByteLevel = true,
                PreTokenizer = new ByteLevelWords(),
            }
        );
    }

    public int VocabularySize { get; }
    public int PadId { get; }
    public int? MaskId { get; }
    public int? EndId => Id("eos_token");
    public IReadOnlySet<int> SpecialIds { get; }
    public int ModelMaxTokens => _config.MaxTokens;

    /// <remarks>A word's first token begins with the blank before it, but for the first word of a text.</remarks>
    public bool Continues(int id) => !_starts.Contains(id) && !SpecialIds.Contains(id);

    public string TokenOf(int id) => _tokens[id] ?? "";

    public string TextOf(int id) =>
        SpecialIds.Contains(id) || _tokens[id] is null ? "" : ByteLevelText.Of(_tokens[id]).Trim(' ');

    public int SpecialBefore => _before.Length;

    public int SpecialCount(bool pair) => _before.Length + _after.Length + (pair ? _between.Length : 0);

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

    public TokenSequence Wrap(IReadOnlyList<int> first, IReadOnlyList<int>? second = null)
    {
        int[] ids = second is null
            ? [.. _before, .. first, .. _after]
            : [.. _before, .. first, .. _between, .. second, .. _after];
        return new(ids, second is null ? ids.Length : _before.Length + first.Count + _between.Length, HasTypes: false);
    }

    public IReadOnlyList<TokenSpan> Spans(string text) => _special.Spans(text, AppendSpans);

    public void Save(string folder, int? maxTokens = null)
    {
        _files.Write(folder);
        _config.Write(folder, maxTokens, _form.Class, _names);
    }

    private List<int> Pieces(string text) => _special.Encode(text, AppendPieces);

    private void AppendPieces(List<int> ids, ReadOnlySpan<char> text)
    {
        if (text.Length == 0)
            return;
        ids.AddRange(_pieces.EncodeToIds(HasPrefix(text) ? $" {text}" : text));
    }

    private void AppendSpans(List<TokenSpan> spans, int start, ReadOnlySpan<char> text)
    {
        var ids = new List<int>();
        AppendPieces(ids, text);
        var places = new ByteLevelPlaces(text, HasPrefix(text));
        foreach (var id in ids)
        {
            var (from, to) = places.Next(_tokens[id], _form.TrimsOffsets);
            spans.Add(new(id, start + from, start + to));
        }
    }

    private bool HasPrefix(ReadOnlySpan<char> text) => _prefixSpace && text.Length > 0 && text[0] != ' ';

    private int? Id(string key) =>
        _names.FirstOrDefault(name => name.Key == key).Token is { } token ? _files.Ids[token] : null;

    private int[] Ids(IEnumerable<string> keys) => [.. keys.Select(key => Id(key)!.Value)];
}
