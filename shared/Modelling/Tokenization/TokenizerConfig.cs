using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary><c>tokenizer_config.json</c>; keys that are not asked for are kept.</summary>
internal sealed class TokenizerConfig
{
    public const string FileName = "tokenizer_config.json";

    private const string MoreKey = "additional_special_tokens";

    /// <summary>What Transformers writes for "no limit" is far above any int.</summary>
    private const int NoLimit = int.MaxValue;

    private readonly JsonObject _values;
    private readonly string _path;

    private TokenizerConfig(string path, JsonObject values)
    {
        (_path, _values) = (path, values);
        MaxTokens =
            _values["model_max_length"] is not { } limit ? NoLimit
            : limit is JsonValue value && value.TryGetValue(out double number) && number >= 4
                ? (int)Math.Min(number, NoLimit)
            : throw Refuse("model_max_length", "a number of at least 4");
    }

    public int MaxTokens { get; }

    /// <summary>Special tokens without a name of their own.</summary>
    public IReadOnlyList<string> MoreSpecial =>
        _values[MoreKey] is not { } node ? []
        : node is JsonArray list ? [.. list.Select(item => Text(item) ?? throw Refuse(MoreKey, "a list of tokens"))]
        : throw Refuse(MoreKey, "a list of tokens");

    /// <summary>The tokenizer's class in Transformers; null where it is not named.</summary>
    public string? Class => Token("tokenizer_class");

    /// <summary>A new one for a model that reads so many tokens.</summary>
    /// <param name="lowerCase">Null for a tokenizer that knows no such thing.</param>
    public static TokenizerConfig New(bool? lowerCase, int maxTokens)
    {
        // A node made of an int, unlike one that was read, is no double.
        var values = new JsonObject { ["model_max_length"] = (double)maxTokens };
        if (lowerCase is { } lower)
            values["do_lower_case"] = lower;
        return new(FileName, values);
    }

    /// <summary>The folder's; BERT's defaults where it has none.</summary>
    public static TokenizerConfig Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return new(path, []);
        try
        {
            var values = JsonNode.Parse(File.ReadAllBytes(path), null, new() { AllowDuplicateProperties = false });
            return new(path, values as JsonObject ?? throw new BadInputException($"{path}: expected a JSON object."));
        }
        catch (JsonException exception)
        {
            throw new BadInputException(
                $"{path}: line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}: {exception.Message}"
            );
        }
    }

    public void Write(
        string folder,
        int? maxTokens,
        string tokenizerClass,
        IEnumerable<(string Key, string Token)> special
    )
    {
        var values = (JsonObject)_values.DeepClone();
        if (maxTokens is { } limit)
            values["model_max_length"] = limit;
        values["tokenizer_class"] = tokenizerClass;
        foreach (var (key, token) in special)
            values[key] = token;
        var text = values.ToJsonString(new() { WriteIndented = true, NewLine = "\n" });
        File.WriteAllText(Path.Combine(folder, FileName), text + "\n");
    }

    /// <summary>Sets a key that is not there.</summary>
    public void Add(string key, JsonNode value) => _values.TryAdd(key, value);

    /// <summary>Names further special tokens.</summary>
    public void AddSpecial(IReadOnlyList<string> tokens)
    {
        if (tokens.Except(MoreSpecial).ToList() is not { Count: > 0 } missing)
            return;
        var list = _values[MoreKey] as JsonArray ?? [];
        foreach (var token in missing)
            list.Add((JsonNode)token);
        _values[MoreKey] = list;
    }

    public bool? Flag(string key) =>
        _values[key] is not { } node ? null
        : node is JsonValue value && value.TryGetValue(out bool flag) ? flag
        : throw Refuse(key, "true, false or null");

    /// <summary>A special token as a text, or as an object with its text under <c>content</c>.</summary>
    public string? Token(string key) =>
        _values[key] is not { } node || (node is JsonObject token && token["content"] is null)
            ? null
            : Text(node) ?? throw Refuse(key, "a token");

    private static string? Text(JsonNode? node) =>
        (node is JsonObject token ? token["content"] : node) is JsonValue value
        && value.TryGetValue(out string? text)
        && text.Length > 0
            ? text
            : null;

    private BadInputException Refuse(string key, string expected) =>
        new($"{_path}: {key} is {_values[key]!.ToJsonString()}; expected {expected}.");
}
