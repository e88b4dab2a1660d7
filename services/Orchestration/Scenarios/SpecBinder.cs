using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>Binds YAML to a spec record, strictly.</summary>
internal static class SpecBinder
{
    /// <summary>The record; where there are problems, its defaults in their places.</summary>
    /// <param name="path">What messages call the place: <c>steps.tuned.with</c>.</param>
    /// <param name="known">All keys that may stand here, the spec's own and further ones.</param>
    public static object Bind(
        Type spec,
        IReadOnlyList<Entry> entries,
        Place place,
        string path,
        Problems problems,
        IReadOnlyList<string>? known = null
    )
    {
        var parameters = SpecParameter.Of(spec);
        var before = problems.Count;
        var bound = Activator.CreateInstance(spec)!;
        foreach (var entry in entries)
        {
            var parameter = parameters.FirstOrDefault(candidate => candidate.Name == entry.Key);
            if (parameter is null)
                problems.AddUnknown(
                    entry.KeyPlace,
                    path,
                    entry.Key,
                    known ?? [.. parameters.Select(candidate => candidate.Name)]
                );
            else if (entry.Value is not (Scalar { Text: null } or Broken))
                Set(
                    bound,
                    entry.Value is Mapping && parameter.Block is { } block ? block : parameter,
                    entry.Value,
                    $"{path}.{entry.Key}",
                    problems
                );
        }

        foreach (var parameter in parameters.Where(parameter => parameter.Required))
            if (!entries.Any(entry => entry.Key == parameter.Name && entry.Value is not Scalar { Text: null }))
                problems.Add(place, path, $"'{parameter.Name}' is missing; expected {parameter.Expected}");

        // Rules that tie parameters to one another make sense only where each is right by itself.
        var results = new List<ValidationResult>();
        if (
            problems.Count == before
            && !entries.Any(entry => entry.Value is Broken)
            && bound is IValidatableObject tied
        )
            results.AddRange(tied.Validate(new ValidationContext(bound)));
        foreach (var result in results)
        {
            var names = result.MemberNames.Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
            var culprit = entries.LastOrDefault(entry => names.Contains(entry.Key));
            problems.Add(culprit?.KeyPlace ?? place, path, result.ErrorMessage ?? "expected something else");
        }
        return bound;
    }

    private static void Set(object bound, SpecParameter parameter, Node node, string path, Problems problems)
    {
        var value = Convert(parameter, node, path, problems);
        if (value is null)
            return;
        if (parameter is { IsList: true, Words: { } some })
        {
            foreach (var item in ((Sequence)node).Items.Cast<Scalar>().Where(item => !some.Contains(item.Text!)))
                problems.AddUnknown(item.Place, path, item.Text!, some, "value");
            parameter.Property.SetValue(bound, value);
            return;
        }
        var right =
            (parameter.Words is null || parameter.Words.Contains(value as string ?? ""))
            && (parameter.Pattern?.IsValid(value) ?? true)
            && (parameter.Range?.IsValid(value) ?? true);
        if (right)
            parameter.Property.SetValue(bound, value);
        else if (parameter.Words is { } words)
            problems.AddUnknown(node.Place, path, (string)value, words, "value");
        else
            problems.Add(node.Place, path, $"'{((Scalar)node).Text}' does not fit; expected {parameter.Expected}");
    }

    private static object? Convert(SpecParameter parameter, Node node, string path, Problems problems)
    {
        object? value = (node, parameter) switch
        {
            (Scalar { Text: { } text }, { IsText: true }) => text,
            (Scalar { Text: { } text }, { IsWhole: true }) => Whole(text, parameter.Type),
            (Scalar { Text: { } text }, { IsNumber: true }) => Number(text),
            (Scalar { Text: "true" }, { IsSwitch: true }) => true,
            (Scalar { Text: "false" }, { IsSwitch: true }) => false,
            (Sequence list, { IsList: true }) => Words(list),
            (Mapping map, { IsMap: true }) => Words(map),
            (Scalar { Text: { } text }, { IsMap: true }) => Words(text),
            (Mapping map, { IsScalar: false, IsList: false }) => Bind(
                parameter.Type,
                map.Entries,
                map.Place,
                path,
                problems
            ),
            _ => null,
        };
        if (value is null)
            problems.Add(node.Place, path, $"{Describe(node)} is of the wrong type; expected {parameter.Expected}");
        return value;
    }

    private static object? Whole(string text, Type type)
    {
        var parsed = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (type == typeof(int))
            return parsed && number is >= int.MinValue and <= int.MaxValue ? (object)(int)number : null;
        return parsed ? number : null;
    }

    private static object? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    private static List<string>? Words(Sequence list) =>
        list.Items.All(item => item is Scalar { Text: not null })
            ? [.. list.Items.Select(item => ((Scalar)item).Text!)]
            : null;

    private static Dictionary<string, string>? Words(Mapping map) =>
        map.Entries.All(entry => entry.Value is Scalar { Text: not null })
            ? map.Entries.ToDictionary(entry => entry.Key, entry => ((Scalar)entry.Value).Text!)
            : null;

    /// <summary>One text for all of them, since an input and a value of the matrix are one text.</summary>
    private static Dictionary<string, string>? Words(string text)
    {
        var pairs = text.Split(',').Select(pair => pair.Split('=', StringSplitOptions.TrimEntries)).ToList();
        return
            pairs.All(pair => pair is [{ Length: > 0 }, { Length: > 0 }])
            && pairs.DistinctBy(pair => pair[0]).Count() == pairs.Count
            ? pairs.ToDictionary(pair => pair[0], pair => pair[1])
            : null;
    }

    public static string Describe(Node node) =>
        node switch
        {
            Scalar { Text: { } text } => $"'{text}'",
            Scalar => "nothing",
            Sequence => "a list",
            _ => "a block of keys",
        };
}
