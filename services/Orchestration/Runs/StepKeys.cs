using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>The key of a step: a hash of all that its result depends on, and of nothing else.</summary>
internal static class StepKeys
{
    /// <param name="step">A step whose inputs are resolved.</param>
    public static string Compute(StepDocument step)
    {
        var kind = StepKinds.Find(step.Uses) ?? throw new InvalidDataException($"No kind of step is '{step.Uses}'.");
        // Through the record and back: a store may write 1.0 as 1, and an older document may lack a newer default.
        var spec = step.Parameters.Deserialize(kind.Spec, WireFormat.Options)!;
        var covered = new JsonObject
        {
            ["kind"] = kind.Uses,
            ["version"] = kind.Version,
            ["parameters"] = Parameters(kind, spec),
            ["inputs"] = new JsonObject(
                step.Inputs.Select(input =>
                    KeyValuePair.Create(input.Name, (JsonNode?)Input(KindOf(kind, input.Name), input, spec))
                )
            ),
            ["precision"] = step.Precision,
            ["device"] = step.Device,
        };
        return ContentHash.Of(WireFormat.Canonical(covered));
    }

    private static JsonObject Parameters(StepKind kind, object spec)
    {
        var parameters = JsonSerializer.SerializeToNode(spec, kind.Spec, WireFormat.Options)!.AsObject();
        foreach (var property in kind.Spec.GetProperties())
            if (!Enters(property, spec))
                parameters.Remove(JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        return parameters;
    }

    private static bool Enters(PropertyInfo property, object spec)
    {
        if (property.GetCustomAttribute<NotInKeyAttribute>() is not null)
            return false;
        return property.GetCustomAttribute<InKeyWhenAttribute>() is not { } condition
            || Has(spec, condition.Parameter, condition.Values);
    }

    private static bool Has(object spec, string parameter, IReadOnlyList<string> values) =>
        values.Contains(spec.GetType().GetProperty(parameter)!.GetValue(spec)?.ToString());

    private static IReadOnlyList<string>? Reads(StepInputKind kind, object spec) =>
        kind is { Reads: { } reads, ReadsToo: { } more } && Has(spec, more.Parameter, more.Values)
            ? [.. reads, more.Split]
            : kind.Reads;

    private static JsonNode Input(StepInputKind kind, StepInput input, object spec) =>
        input switch
        {
            { Dataset: { } dataset } => Dataset(dataset, Reads(kind, spec)),
            { Model: { } model } when kind.ReadsCard => new JsonObject
            {
                ["model"] = model.Id,
                ["provenance"] = model.Provenance,
            },
            { Model: { } model } => new JsonObject { ["model"] = model.Id },
            { File: { } file } => new JsonObject { ["file"] = file.Hash },
            _ => throw new InvalidOperationException($"Input '{input.Name}' is not resolved."),
        };

    private static JsonObject Dataset(DatasetRef dataset, IReadOnlyList<string>? reads)
    {
        var read = dataset.Splits.Where(split => reads is null || reads.Contains(split.Name));
        var covered = new JsonObject
        {
            ["task"] = dataset.Task.ToString(),
            ["labels"] = new JsonArray([.. dataset.Labels.Select(label => JsonValue.Create(label))]),
            ["splits"] = new JsonObject(
                read.Select(split => KeyValuePair.Create(split.Name, (JsonNode?)JsonValue.Create(split.Id)))
            ),
        };

        // Who reads all of a dataset hands its name and hidden labels on; who trains reads neither.
        if (reads is null)
        {
            covered["name"] = dataset.Name;
            covered["hiddenLabels"] = dataset.HiddenLabels?.Hash;
            if (dataset.Findings is { } findings)
                covered["findings"] = findings.Hash;
        }
        return covered;
    }

    private static StepInputKind KindOf(StepKind kind, string name) =>
        kind.Inputs.First(input => name == input.Name || (input.Many && name.StartsWith(input.Name + '.')));
}
