using System.Globalization;
using System.Text;
using System.Text.Json;
using TransferPipeline.Contracts.Steps;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>What a scenario is given from outside, and the same scenario given something else in its place.</summary>
public static class ScenarioInputs
{
    private static readonly string[] Blocks = ["inputs", "matrix", "presets", "steps"];

    /// <summary>Names and paths of datasets, models and files, each once.</summary>
    /// <exception cref="Contracts.BadInputException">Everything that is wrong with the scenario.</exception>
    public static IReadOnlyList<(InputKind Kind, string Text)> Of(
        string source,
        string file,
        IReadOnlyList<string> overrides
    ) =>
        [
            .. ScenarioLoader
                .Load(source, file, overrides)
                .Steps.SelectMany(step => step.Inputs)
                .Where(input => input.Given is not null)
                .Select(input => (input.Kind, input.Given!))
                .Distinct(),
        ];

    /// <summary>The scenario's text with whole values replaced; all else, comments too, stays as it is.</summary>
    public static string Replace(string source, IReadOnlyDictionary<string, string> replacements)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(source));
        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
            return source;
        var found = root
            .Children.Where(entry => entry.Key is YamlScalarNode { Value: { } key } && Blocks.Contains(key))
            .SelectMany(entry => Values(entry.Value, replacements))
            .DistinctBy(scalar => scalar.Start.Index)
            .OrderByDescending(scalar => scalar.Start.Index);
        var text = new StringBuilder(source);
        foreach (var scalar in found)
        {
            var (start, end) = ((int)scalar.Start.Index, (int)scalar.End.Index);
            // A JSON string is a YAML string.
            text.Remove(start, end - start);
            text.Insert(start, Anchor(scalar) + JsonSerializer.Serialize(replacements[scalar.Value!]));
        }
        return text.ToString();
    }

    /// <summary>Overrides with the same values replaced, items of lists too.</summary>
    public static IReadOnlyList<string> Replace(
        IReadOnlyList<string> overrides,
        IReadOnlyDictionary<string, string> replacements
    ) => [.. overrides.Select(text => Replace(text, text.IndexOf('=', StringComparison.Ordinal), replacements))];

    private static string Replace(string text, int equals, IReadOnlyDictionary<string, string> replacements)
    {
        if (equals <= 0)
            return text;
        var value = text[(equals + 1)..];
        if (!replacements.TryGetValue(value, out var replaced))
            replaced = string.Join(
                ',',
                value.Split(',').Select(item => replacements.GetValueOrDefault(item.Trim(), item))
            );
        return string.Create(CultureInfo.InvariantCulture, $"{text[..equals]}={replaced}");
    }

    private static IEnumerable<YamlScalarNode> Values(
        YamlNode node,
        IReadOnlyDictionary<string, string> replacements
    ) =>
        node switch
        {
            YamlScalarNode { Style: not (ScalarStyle.Literal or ScalarStyle.Folded), Value: { } text } scalar
                when replacements.ContainsKey(text) => [scalar],
            YamlSequenceNode items => items.Children.SelectMany(item => Values(item, replacements)),
            YamlMappingNode mapping => mapping.Children.Values.SelectMany(value => Values(value, replacements)),
            _ => [],
        };

    private static string Anchor(YamlScalarNode scalar) => scalar.Anchor.IsEmpty ? "" : $"&{scalar.Anchor} ";
}
