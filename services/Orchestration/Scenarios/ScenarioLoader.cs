using System.Globalization;
using System.Text.RegularExpressions;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Triggers;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>Reads a scenario file and its overrides; everything that is wrong is told at once.</summary>
internal sealed partial class ScenarioLoader
{
    private const int MostCombinations = 10_000;

    public static readonly IReadOnlyList<string> TopKeys =
    [
        "name",
        "description",
        "inputs",
        "matrix",
        "steps",
        "report",
        "presets",
        "on",
    ];

    private readonly Problems _problems;

    private ScenarioLoader(Problems problems) => _problems = problems;

    /// <exception cref="BadInputException">All problems, each with file, line, column and key.</exception>
    public static UnrolledScenario Load(string text, string file, IReadOnlyList<string> overrides)
    {
        if (YamlText.Parse(text, file) is not Mapping root)
            throw new BadInputException($"{file}:1:1: expected a scenario: name, inputs, matrix, steps, report");
        var problems = new Problems(file);
        var scenario = new ScenarioLoader(problems).Read(root, overrides);
        var steps = Unroller.Unroll(scenario, problems);
        problems.Throw();
        return new UnrolledScenario(scenario, steps);
    }

    /// <summary>The input that an event's dataset fills, or null; what is wrong there is told by <see cref="Load"/>.</summary>
    public static string? FilledInput(string text, string file) =>
        YamlText.Parse(text, file) is Mapping root
        && TriggerReader.Read(root, "", [], new Problems(file))?.Dataset?.As is { } input
        && (root.Find("inputs")?.Value as Mapping)?.Find(input) is not null
            ? input
            : null;

    private Scenario Read(Mapping root, IReadOnlyList<string> given)
    {
        CheckKeys(root, "scenario", TopKeys);
        var name = ReadName(root);
        var inputs = ReadInputs(root.Find("inputs")?.Value);
        var matrixNode = Block(root.Find("matrix")?.Value, "matrix");
        var lists = ReadLists(matrixNode, inputs);
        var presets = ReadPresets(root.Find("presets")?.Value, inputs, lists);
        var overrides = Overrides.Apply(given, presets, inputs, lists, _problems);
        var matrix = ReadMatrix(matrixNode, lists);
        var steps = new StepReader(_problems, inputs, matrix).Read(root);
        var report = ReadReport(root, matrix, steps);
        var on = TriggerReader.Read(root, name, inputs.Keys, _problems);
        return new Scenario(name, inputs, matrix, steps, report, overrides.Preset, on);
    }

    private string ReadName(Mapping root)
    {
        var entry = root.Find("name");
        if (entry is null)
            _problems.Add(root.Place, "name", "is missing; expected the scenario's name");
        else if (entry.Value is not Scalar { Text: { } text } || !NamePattern().IsMatch(text))
            _problems.Add(
                entry.Value.Place,
                "name",
                $"{SpecBinder.Describe(entry.Value)} is no name; expected letters, digits, '-', '_' and '.'"
            );
        else
            return text;
        return "";
    }

    private Dictionary<string, Scalar> ReadInputs(Node? node)
    {
        var inputs = new Dictionary<string, Scalar>();
        foreach (var entry in Block(node, "inputs")?.Entries ?? [])
            if (!WordPattern().IsMatch(entry.Key))
                _problems.Add(
                    entry.KeyPlace,
                    "inputs",
                    $"'{entry.Key}' is no name; expected letters, digits, '-', '_'"
                );
            else if (entry.Value is Scalar value)
                inputs[entry.Key] = value;
            else
                WrongType(entry.Value, $"inputs.{entry.Key}", "one value, or nothing");
        return inputs;
    }

    private Dictionary<string, Sequence> ReadLists(Mapping? matrix, Dictionary<string, Scalar> inputs)
    {
        var lists = new Dictionary<string, Sequence>();
        foreach (var entry in matrix?.Entries.Where(entry => entry.Key is not ("include" or "exclude")) ?? [])
            if (!WordPattern().IsMatch(entry.Key) || entry.Key == "preset")
                _problems.Add(
                    entry.KeyPlace,
                    "matrix",
                    $"'{entry.Key}' is no name; expected letters, digits, '-', '_'"
                );
            else if (inputs.ContainsKey(entry.Key))
                _problems.Add(entry.KeyPlace, "matrix", $"'{entry.Key}' is an input too; expected another name");
            else if (entry.Value is Sequence values)
                lists[entry.Key] = values;
            else
                WrongType(entry.Value, $"matrix.{entry.Key}", "a list of values");
        return lists;
    }

    private Mapping? ReadPresets(Node? node, Dictionary<string, Scalar> inputs, Dictionary<string, Sequence> lists)
    {
        var presets = Block(node, "presets");
        foreach (var entry in presets?.Entries ?? [])
        {
            var path = $"presets.{entry.Key}";
            if (Block(entry.Value, path) is not { } preset)
                continue;
            CheckKeys(preset, path, ["inputs", "matrix"]);
            foreach (var input in Block(preset.Find("inputs")?.Value, $"{path}.inputs")?.Entries ?? [])
                if (!inputs.ContainsKey(input.Key))
                    _problems.AddUnknown(input.KeyPlace, $"{path}.inputs", input.Key, inputs.Keys, "input");
                else if (input.Value is not Scalar)
                    WrongType(input.Value, $"{path}.inputs.{input.Key}", "one value, or nothing");
            foreach (var list in Block(preset.Find("matrix")?.Value, $"{path}.matrix")?.Entries ?? [])
                if (!lists.ContainsKey(list.Key))
                    _problems.AddUnknown(list.KeyPlace, $"{path}.matrix", list.Key, lists.Keys, "matrix key");
                else if (list.Value is not Sequence values)
                    WrongType(list.Value, $"{path}.matrix.{list.Key}", "a list of values");
                else
                    Values(list.Key, values, $"{path}.matrix.{list.Key}");
        }
        return presets;
    }

    private Matrix ReadMatrix(Mapping? node, Dictionary<string, Sequence> lists)
    {
        var values = lists
            .Select(list => KeyValuePair.Create(list.Key, Values(list.Key, list.Value, $"matrix.{list.Key}")))
            .ToList();
        var include = Combinations(node?.Find("include"), "matrix.include", known: null);
        var exclude = Combinations(node?.Find("exclude"), "matrix.exclude", known: lists.Keys);
        var count = values.Aggregate(1.0, (product, list) => product * Math.Max(1, list.Value.Count));
        if (count > MostCombinations)
        {
            _problems.Add(
                node!.Place,
                "matrix",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the lists cross to {count} combinations; expected at most {MostCombinations}"
                )
            );
            values = [.. values.Select(list => KeyValuePair.Create(list.Key, Head(list.Value)))];
        }
        var matrix = Matrix.Of(values, include, exclude);
        if (matrix.Combinations.Count == 0 && values.All(list => list.Value.Count > 0))
            _problems.Add(node!.Place, "matrix.exclude", "leaves no combination; expected at least one");
        return matrix;

        static IReadOnlyList<string> Head(IReadOnlyList<string> all) => [.. all.Take(1)];
    }

    private IReadOnlyList<string> Values(string key, Sequence list, string path)
    {
        if (list.Items.Count == 0)
            _problems.Add(list.Place, path, $"'{key}' has no values; expected at least one");
        var values = new List<string>();
        foreach (var item in list.Items)
            if (item is not Scalar { Text: { } text })
                WrongType(item, path, "one value");
            else if (text.Contains("${", StringComparison.Ordinal))
                _problems.Add(item.Place, path, $"'{text}' is an expression; expected a plain value");
            else if (values.Contains(text))
                _problems.Add(item.Place, path, $"'{text}' stands there twice; expected each value once");
            else
                values.Add(text);
        return values;
    }

    private List<IReadOnlyDictionary<string, string>> Combinations(
        Entry? entry,
        string path,
        ICollection<string>? known
    )
    {
        var combinations = new List<IReadOnlyDictionary<string, string>>();
        if (entry is null or { Value: Scalar { Text: null } })
            return combinations;
        if (entry.Value is not Sequence list)
            WrongType(entry.Value, path, "a list of combinations");
        else
            foreach (var item in list.Items)
                if (item is not Mapping combination)
                    WrongType(item, path, "a combination, { key: value }");
                else
                {
                    var pairs = new Dictionary<string, string>();
                    foreach (var pair in combination.Entries)
                        if (known is not null && !known.Contains(pair.Key))
                            _problems.AddUnknown(pair.KeyPlace, path, pair.Key, known, "matrix key");
                        else if (pair.Value is Scalar { Text: { } text })
                            pairs[pair.Key] = text;
                        else
                            WrongType(pair.Value, $"{path}.{pair.Key}", "one value");
                    combinations.Add(pairs);
                }
        return combinations;
    }

    private ReportSpec ReadReport(Mapping root, Matrix matrix, IReadOnlyList<ScenarioStep> steps)
    {
        if (Block(root.Find("report")?.Value, "report") is not { } node)
            return new ReportSpec();
        var report = (ReportSpec)SpecBinder.Bind(typeof(ReportSpec), node.Entries, node.Place, "report", _problems);
        var compare = node.Find("compare")?.Value;
        if (report.Compare.Count == 1)
            _problems.Add(compare!.Place, "report.compare", "names one step; expected at least two");
        var scored = steps
            .Where(step => step.Kind == StepKinds.Evaluate)
            .SelectMany(step => step.Needs)
            .Where(need => steps.Any(step => step.Name == need && step.Kind.Gives == StepGives.Model))
            .ToHashSet();
        var unread = Block(root.Find("steps")?.Value, "steps")
            ?.Entries.Select(entry => entry.Key)
            .Where(name => steps.All(step => step.Name != name))
            .ToHashSet();
        foreach (var item in (compare as Sequence)?.Items.OfType<Scalar>() ?? [])
            if (item.Text is { } text && !scored.Contains(text) && unread?.Contains(text) != true)
                _problems.AddUnknown(item.Place, "report.compare", text, scored, "evaluated step");
        if (report.Curve is { X.Length: > 0 } curve && !matrix.Keys.Contains(curve.X))
            _problems.AddUnknown(
                ((Mapping)node.Find("curve")!.Value).Find("x")!.Value.Place,
                "report.curve.x",
                curve.X,
                matrix.Keys,
                "matrix key"
            );
        return report;
    }

    private void CheckKeys(Mapping mapping, string path, IReadOnlyList<string> known)
    {
        foreach (var entry in mapping.Entries.Where(entry => !known.Contains(entry.Key)))
            _problems.AddUnknown(entry.KeyPlace, path, entry.Key, known);
    }

    private Mapping? Block(Node? node, string path)
    {
        if (node is not (null or Mapping or Scalar { Text: null }))
            WrongType(node, path, "a block of keys");
        return node as Mapping;
    }

    private void WrongType(Node node, string path, string expected) =>
        _problems.Add(node.Place, path, $"{SpecBinder.Describe(node)} is of the wrong type; expected {expected}");

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_-]*\z")]
    internal static partial Regex WordPattern();
}
