using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Tokenization.Files;

/// <summary>A value of a JSON file, and where it stands: what is wrong with it is told with file and key.</summary>
internal readonly record struct JsonPart(string File, string Key, JsonElement Value)
{
    private const int LongestShown = 60;

    /// <summary>The value under a key of it; a missing one where there is none.</summary>
    public JsonPart this[string name] =>
        new(
            File,
            Key.Length == 0 ? name : $"{Key}.{name}",
            Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(name, out var inner) ? inner : default
        );

    /// <summary>Not there, or null.</summary>
    public bool IsMissing => Value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    public string Text => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Refuse("a text");

    public bool Flag =>
        Value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? Value.GetBoolean()
            : throw Refuse("true or false");

    public int Number =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var number) && number >= 0
            ? number
            : throw Refuse("a whole number of at least 0");

    public IEnumerable<JsonPart> Items
    {
        get
        {
            var (file, key) = (File, Key);
            return Value.ValueKind == JsonValueKind.Array
                ? Value.EnumerateArray().Select((item, i) => new JsonPart(file, $"{key}[{i}]", item))
                : throw Refuse("a list");
        }
    }

    public IEnumerable<(string Name, JsonPart Value)> Entries
    {
        get
        {
            var (file, key) = (File, Key);
            return Value.ValueKind == JsonValueKind.Object
                ? Value
                    .EnumerateObject()
                    .Select(entry => (entry.Name, new JsonPart(file, $"{key}.{entry.Name}", entry.Value)))
                : throw Refuse("an object");
        }
    }

    /// <summary>Refuses any other value than this, which a missing one means too.</summary>
    public void Only(bool value)
    {
        if (!IsMissing && Flag != value)
            throw Refuse(value ? "true" : "false");
    }

    /// <summary>The same for a number.</summary>
    public void Only(int value)
    {
        if (!IsMissing && Number != value)
            throw Refuse($"{value}");
    }

    /// <summary>Refuses any value but this.</summary>
    public void Only(string value)
    {
        if (Value.ValueKind != JsonValueKind.String || Value.GetString() != value)
            throw Refuse($"\"{value}\"");
    }

    /// <summary>Refuses any value but none, or an empty text.</summary>
    public void OnlyNone()
    {
        if (!IsMissing && !(Value.ValueKind == JsonValueKind.String && Value.GetString()!.Length == 0))
            throw Refuse("none");
    }

    public BadInputException Refuse(string expected)
    {
        var given = Value.ValueKind switch
        {
            JsonValueKind.Undefined => "missing",
            JsonValueKind.String => $"\"{Value.GetString()}\"",
            _ => Value.GetRawText(),
        };
        return new(
            $"{File}: {(Key.Length == 0 ? "it" : Key)} is {(given.Length > LongestShown ? given[..LongestShown] + "…" : given)}; expected {expected}."
        );
    }
}
