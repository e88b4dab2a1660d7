namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>What <c>--set</c> and a preset put in the place of inputs and matrix lists.</summary>
internal sealed class Overrides
{
    private const string PresetKey = "preset";

    public string? Preset { get; private set; }

    /// <summary>Applies the preset, then the other overrides, to <paramref name="inputs"/> and <paramref name="lists"/>.</summary>
    public static Overrides Apply(
        IReadOnlyList<string> given,
        Mapping? presets,
        Dictionary<string, Scalar> inputs,
        Dictionary<string, Sequence> lists,
        Problems problems
    )
    {
        var overrides = new Overrides();
        var pairs = given.Select(text => (Text: text, Parts: text.Split('=', 2))).ToList();
        foreach (var (text, parts) in pairs.Where(pair => pair.Parts is not [{ Length: > 0 }, _]))
            problems.Add(new Place(0, 0, text), "--set", "expected key=value");

        var valid = pairs.Where(pair => pair.Parts is [{ Length: > 0 }, _]).ToList();
        foreach (var (text, parts) in valid.Where(pair => pair.Parts[0] == PresetKey))
            overrides.ApplyPreset(parts[1], new Place(0, 0, text), presets, inputs, lists, problems);

        foreach (var (text, parts) in valid.Where(pair => pair.Parts[0] != PresetKey))
        {
            var place = new Place(0, 0, text);
            var (key, value) = (parts[0], parts[1]);
            if (inputs.ContainsKey(key))
                inputs[key] = new Scalar(place, value.Length == 0 ? null : value);
            else if (lists.ContainsKey(key))
                lists[key] = new Sequence(
                    place,
                    [.. value.Split(',', StringSplitOptions.TrimEntries).Select(item => Item(place, item))]
                );
            else
                problems.AddUnknown(
                    place,
                    "--set",
                    key,
                    [.. inputs.Keys, .. lists.Keys, PresetKey],
                    "input or matrix key"
                );
        }
        return overrides;
    }

    private void ApplyPreset(
        string name,
        Place place,
        Mapping? presets,
        Dictionary<string, Scalar> inputs,
        Dictionary<string, Sequence> lists,
        Problems problems
    )
    {
        if (Preset is not null)
            problems.Add(place, PresetKey, "given twice; expected one");
        Preset = name;
        if (presets?.Find(name) is not { } found)
        {
            problems.AddUnknown(place, "--set", name, presets?.Entries.Select(entry => entry.Key) ?? [], "preset");
            return;
        }
        if (found.Value is not Mapping preset)
            return;
        if (preset.Find("inputs")?.Value is Mapping presetInputs)
            foreach (var entry in presetInputs.Entries)
                if (entry.Value is Scalar value && inputs.ContainsKey(entry.Key))
                    inputs[entry.Key] = value;
        if (preset.Find("matrix")?.Value is Mapping presetMatrix)
            foreach (var entry in presetMatrix.Entries)
                if (entry.Value is Sequence values && lists.ContainsKey(entry.Key))
                    lists[entry.Key] = values;
    }

    private static Scalar Item(Place place, string text) => new(place, text.Length == 0 ? null : text);
}
