using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>
/// <c>config.json</c>: typed values with what was expected where one is wrong; all problems are reported together. Keys
/// that it does not ask for are kept as they are.
/// </summary>
internal sealed class ConfigFile
{
    public const string FileName = "config.json";
    public const string ProblemKey = "problem_type";

    /// <summary>Absent for the architecture's own pooling, which Transformers takes for granted.</summary>
    public const string PoolingKey = "classifier_pooling";

    private readonly JsonObject _values;
    private readonly string _path;
    private readonly List<string> _problems = [];

    private ConfigFile(string path, JsonObject values) => (_path, _values) = (path, values);

    /// <summary>An empty one.</summary>
    public ConfigFile()
        : this(FileName, []) { }

    public static ConfigFile Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new BadInputException($"{folder}: holds no {FileName}.");
        try
        {
            var values = JsonNode.Parse(File.ReadAllBytes(path), null, new() { AllowDuplicateProperties = false });
            return values is JsonObject keys
                ? new(path, keys)
                : throw new BadInputException($"{path}: expected a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new BadInputException(
                $"{path}: line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}: {exception.Message}"
            );
        }
    }

    /// <summary>A number of at least <paramref name="least"/>; null asks for the key to be there.</summary>
    public int Int(string key, int least, int? otherwise = null) =>
        Value(key, otherwise, $"a whole number of at least {least}", (int value) => value >= least);

    /// <summary>A finite number within these bounds.</summary>
    public double Number(string key, double least, double most, double? otherwise = null) =>
        Value(key, otherwise, $"a number from {least} to {most}", (double value) => value >= least && value <= most);

    /// <summary>A whole number, or null where the key is missing or null.</summary>
    public int? IntOrNull(string key, int least) => _values[key] is null ? null : Int(key, least);

    /// <summary>A number, or null where the key is missing or null.</summary>
    public double? NumberOrNull(string key, double least, double most) =>
        _values[key] is null ? null : Number(key, least, most);

    /// <summary>One of these texts; null as the default asks for the key to be there.</summary>
    public string Choice(string key, IEnumerable<string> allowed, string? otherwise = null)
    {
        var known = allowed.ToList();
        if (_values[key] is null && otherwise is not null)
            return otherwise;
        if (_values[key] is JsonValue node && node.TryGetValue(out string? text) && known.Contains(text))
            return text;
        Refuse(key, $"one of {string.Join(", ", known)}");
        return otherwise ?? known[0];
    }

    /// <summary>A text of any kind, or null.</summary>
    public string? Text(string key) =>
        _values[key] is null ? null
        : _values[key] is JsonValue node && node.TryGetValue(out string? text) ? text
        : Refuse(key, "a text") as string;

    /// <summary>Refuses any value but this one, which a missing key means too.</summary>
    public void Only(string key, bool value)
    {
        if (_values[key] is { } node && !(node is JsonValue given && given.TryGetValue(out bool it) && it == value))
            Refuse(key, value ? "true" : "false");
    }

    /// <summary>Label names by number from <c>id2label</c>; null where there is none.</summary>
    public IReadOnlyList<string>? Labels()
    {
        if (_values["id2label"] is null)
            return null;
        if (_values["id2label"] is JsonObject byNumber)
        {
            var labels = new string[byNumber.Count];
            foreach (var (number, node) in byNumber)
                if (int.TryParse(number, out var i) && i >= 0 && i < labels.Length && node is JsonValue label)
                    labels[i] = label.ToString();
            if (labels.Length > 0 && Array.IndexOf(labels, null) < 0 && labels.Distinct().Count() == labels.Length)
            {
                CheckNumbers(labels);
                return labels;
            }
        }
        Refuse("id2label", "different labels under the numbers from 0 on");
        return null;
    }

    /// <summary>Where there is <c>label2id</c> too, it says the same.</summary>
    private void CheckNumbers(string[] labels)
    {
        if (_values["label2id"] is not { } given)
            return;
        foreach (var (number, label) in labels.Index())
            if (
                !(given is JsonObject byLabel && byLabel[label] is JsonValue node && node.TryGetValue(out int stored))
                || stored != number
            )
                Refuse("label2id", $"'{label}' at {number}, as id2label has it");
    }

    /// <summary>Throws what was found wrong, if anything.</summary>
    public void ThrowIfBad()
    {
        if (_problems.Count > 0)
            throw new BadInputException(_problems);
    }

    /// <summary>A copy that may be changed.</summary>
    public ConfigFile Copy() => new(_path, (JsonObject)_values.DeepClone());

    /// <summary>Sets a key; a null stays as a null.</summary>
    public void Set(string key, JsonNode? value) => _values[key] = value;

    /// <summary>Sets a key that is not there yet.</summary>
    public void Add(string key, JsonNode? value)
    {
        if (!_values.ContainsKey(key))
            _values[key] = value;
    }

    /// <summary>Leaves out what only a classifier of sequences has.</summary>
    public void RemoveSequenceTask()
    {
        _values.Remove(ProblemKey);
        _values.Remove(PoolingKey);
    }

    public void RemoveLabels()
    {
        _values.Remove("id2label");
        _values.Remove("label2id");
        _values.Remove("num_labels");
    }

    /// <summary>What Transformers makes of the folder; weights are written as float32.</summary>
    public void SetArchitecture(string architecture)
    {
        _values["architectures"] = new JsonArray(architecture);
        _values["dtype"] = "float32";
        _values.Remove("torch_dtype");
    }

    public void SetLabels(IReadOnlyList<string> labels)
    {
        var names = labels.Select((label, i) => KeyValuePair.Create(i.ToString(), (JsonNode?)label));
        var numbers = labels.Select((label, i) => KeyValuePair.Create(label, (JsonNode?)i));
        _values["id2label"] = new JsonObject(names);
        _values["label2id"] = new JsonObject(numbers);
    }

    /// <summary>Writes it with its keys in order.</summary>
    public void Write(string folder)
    {
        var ordered = new JsonObject(
            _values
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(e => KeyValuePair.Create(e.Key, e.Value?.DeepClone()))
        );
        File.WriteAllText(
            Path.Combine(folder, FileName),
            ordered.ToJsonString(new() { WriteIndented = true, NewLine = "\n" }) + "\n"
        );
    }

    private T Value<T>(string key, T? otherwise, string expected, Func<T, bool> allowed)
        where T : struct
    {
        if (_values[key] is null && otherwise is { } value)
            return value;
        if (_values[key] is JsonValue node && node.TryGetValue(out T given) && allowed(given))
            return given;
        Refuse(key, expected);
        return otherwise ?? default;
    }

    /// <summary>Notes that a key's value is wrong.</summary>
    public object? Refuse(string key, string expected)
    {
        var given = _values.ContainsKey(key) ? $"{_values[key]?.ToJsonString() ?? "null"}" : "missing";
        _problems.Add($"{_path}: {key} is {given}; expected {expected}.");
        return null;
    }
}
