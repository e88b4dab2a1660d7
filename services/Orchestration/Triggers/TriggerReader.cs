using TransferPipeline.Orchestration.Scenarios;

namespace TransferPipeline.Orchestration.Triggers;

/// <summary>Reads <c>on:</c> of a scenario.</summary>
internal static class TriggerReader
{
    private const string Path = "on";

    /// <summary>Null where the scenario has no <c>on:</c>, or a wrong one.</summary>
    /// <param name="inputs">Names of the scenario's inputs.</param>
    public static TriggerSpec? Read(Mapping root, string name, ICollection<string> inputs, Problems problems)
    {
        if (root.Find(Path) is not { } entry)
            return null;
        if (entry.Value is not Mapping { Entries.Count: > 0 } on)
        {
            problems.Add(entry.Value.Place, Path, $"expected {string.Join(" or ", TriggerSpec.Keys)}, a block of keys");
            return null;
        }
        foreach (var unknown in on.Entries.Where(one => !TriggerSpec.Keys.Contains(one.Key)))
            problems.AddUnknown(unknown.KeyPlace, Path, unknown.Key, TriggerSpec.Keys);
        return new TriggerSpec(
            Dataset(on.Find(TriggerSpec.DatasetIngested), inputs, problems),
            Run(on.Find(TriggerSpec.RunCompleted), name, problems)
        );
    }

    private static DatasetIngestedSpec? Dataset(Entry? entry, ICollection<string> inputs, Problems problems)
    {
        if (Bind<DatasetIngestedSpec>(entry, problems) is not { } spec)
            return null;
        if (!inputs.Contains(spec.As))
            problems.AddUnknown(
                (entry!.Value as Mapping)?.Find("as")?.Value.Place ?? entry.KeyPlace,
                $"{Path}.{TriggerSpec.DatasetIngested}.as",
                spec.As,
                inputs,
                "input"
            );
        return spec;
    }

    private static RunCompletedSpec? Run(Entry? entry, string name, Problems problems)
    {
        if (Bind<RunCompletedSpec>(entry, problems) is not { } spec)
            return null;
        if (spec.Scenario == name && name.Length > 0)
            problems.Add(
                entry!.KeyPlace,
                $"{Path}.{TriggerSpec.RunCompleted}",
                $"'{name}' would start itself for ever; expected another scenario"
            );
        return spec;
    }

    private static T? Bind<T>(Entry? entry, Problems problems)
        where T : class
    {
        if (entry is null)
            return null;
        var path = $"{Path}.{entry.Key}";
        if (entry.Value is Mapping block)
            return (T)SpecBinder.Bind(typeof(T), block.Entries, block.Place, path, problems);
        problems.Add(
            entry.Value.Place,
            path,
            $"{SpecBinder.Describe(entry.Value)} is of the wrong type; expected a block of keys"
        );
        return null;
    }
}
