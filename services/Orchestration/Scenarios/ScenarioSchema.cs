using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Triggers;
using static TransferPipeline.Orchestration.Scenarios.SchemaParts;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>The JSON Schema of a scenario file (draft 7, which editors read), made from the kinds of step and their specs.</summary>
internal static class ScenarioSchema
{
    private const string Name = "^[A-Za-z_][A-Za-z0-9_-]*$";

    public static JsonObject Create() =>
        new()
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Scenario",
            ["description"] = "A study: inputs, a matrix, steps that need each other, a report.",
            ["type"] = "object",
            ["required"] = new JsonArray("name", "steps"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["name"] = Text(
                    "The scenario's name, as reports and registered models call it.",
                    "^[A-Za-z0-9][A-Za-z0-9._-]*$"
                ),
                ["description"] = Text("For people."),
                ["inputs"] = Inputs(
                    "Values for ${inputs.NAME}, replaced by --set NAME=VALUE; an empty one counts as not given."
                ),
                ["matrix"] = Matrix(),
                ["steps"] = Steps(),
                ["report"] = Spec(typeof(ReportSpec), "What the report that every run ends with shows.", []),
                ["presets"] = Presets(),
                ["on"] = Triggers(),
            },
            ["definitions"] = new JsonObject(
                StepReader.Kinds.Select(kind =>
                    KeyValuePair.Create<string, JsonNode?>(
                        kind.Uses,
                        Spec(kind.Spec, $"Parameters of {kind.Uses}; gives {Gives(kind)}.", [.. kind.Given])
                    )
                )
            ),
        };

    private static JsonObject Inputs(string description) =>
        new()
        {
            ["description"] = description,
            ["type"] = "object",
            ["propertyNames"] = new JsonObject { ["pattern"] = Name },
            ["additionalProperties"] = Value(orNothing: true),
        };

    private static JsonObject Matrix()
    {
        JsonObject Cells(string description) =>
            new()
            {
                ["description"] = description,
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = Value() },
            };
        return new JsonObject
        {
            ["description"] =
                "Lists for ${matrix.NAME}, crossed with one another and replaced by --set NAME=A,B; a step is unrolled over those that reach it.",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["include"] = Cells(
                    "Joins the combinations in which it changes no value of a list, or is one of its own."
                ),
                ["exclude"] = Cells("Takes away every combination that has these values."),
            },
            ["propertyNames"] = new JsonObject { ["pattern"] = Name },
            ["additionalProperties"] = List(),
        };
    }

    private static JsonObject Steps() =>
        new()
        {
            ["description"] = "Steps by name; what a step needs follows from its references.",
            ["type"] = "object",
            ["minProperties"] = 1,
            ["propertyNames"] = new JsonObject { ["pattern"] = Name },
            ["additionalProperties"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("uses"),
                ["additionalProperties"] = false,
                ["properties"] = new JsonObject
                {
                    ["uses"] = new JsonObject
                    {
                        ["description"] = "What the step does.",
                        ["enum"] = new JsonArray([.. StepReader.Kinds.Select(kind => JsonValue.Create(kind.Uses))]),
                    },
                    ["with"] = new JsonObject { ["type"] = "object" },
                    ["device"] = new JsonObject
                    {
                        ["description"] =
                            "What it is computed on, of workers that have it; left out, what the run says (transfer run --device).",
                        ["enum"] = new JsonArray([.. StepDevice.Known.Select(device => JsonValue.Create(device))]),
                    },
                },
                ["allOf"] = new JsonArray([.. StepReader.Kinds.Select(WhenUsed)]),
            },
        };

    private static JsonNode WhenUsed(StepKind kind) =>
        new JsonObject
        {
            ["if"] = Properties("uses", new JsonObject { ["const"] = kind.Uses }),
            ["then"] = Properties("with", new JsonObject { ["$ref"] = $"#/definitions/{kind.Uses}" }),
        };

    private static JsonObject Presets() =>
        new()
        {
            ["description"] = "Named sets of values, applied by --set preset=NAME before any other.",
            ["type"] = "object",
            ["additionalProperties"] = new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["properties"] = new JsonObject
                {
                    ["inputs"] = Inputs("Inputs to replace."),
                    ["matrix"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = List() },
                },
            },
        };

    private static JsonObject Triggers() =>
        new()
        {
            ["description"] = "The events that start the scenario once it is registered.",
            ["type"] = "object",
            ["minProperties"] = 1,
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                [TriggerSpec.DatasetIngested] = Spec(typeof(DatasetIngestedSpec), "A new version of a dataset.", []),
                [TriggerSpec.RunCompleted] = Spec(typeof(RunCompletedSpec), "A completed run of another scenario.", []),
            },
        };

    private static JsonObject Spec(Type spec, string description, IReadOnlyList<StepInputKind> inputs)
    {
        var defaults = Activator.CreateInstance(spec)!;
        var properties = new JsonObject();
        foreach (var input in inputs)
            properties[input.Name] = Input(input);
        foreach (var parameter in SpecParameter.Of(spec).Where(parameter => !properties.ContainsKey(parameter.Name)))
            properties[parameter.Name] = Parameter(parameter, parameter.Property.GetValue(defaults));
        string[] required =
        [
            .. inputs.Where(input => input.Required).Select(input => input.Name),
            .. SpecParameter.Of(spec).Where(parameter => parameter.Required).Select(parameter => parameter.Name),
        ];
        var schema = new JsonObject
        {
            ["description"] = description,
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        if (required.Length > 0)
            schema["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        return schema;
    }

    private static JsonObject Input(StepInputKind input)
    {
        var what = input.Kind.ToString().ToLowerInvariant();
        var gives =
            input.Kind == InputKind.File
                ? "its path"
                : $"the name of a {what}, or ${{steps.NAME}} of a step that gives one";
        var words = input.Literals is null ? "" : $"{string.Join(", ", input.Literals)}, or ";
        var schema = new JsonObject
        {
            ["description"] =
                (input.Description is null ? "" : input.Description + " ")
                + (input.Many ? $"Each: {gives}." : $"{Upper(words + gives)}."),
        };
        if (input.Literals is not null)
            schema["default"] = input.Literals[0];
        if (!input.Many)
            schema["type"] = new JsonArray("string", "number", "null");
        else
        {
            schema["type"] = "array";
            schema["minItems"] = 1;
            schema["items"] = Value(orNothing: true);
        }
        return schema;
    }

    private static JsonObject Parameter(SpecParameter parameter, object? initial)
    {
        if (!parameter.IsScalar && !parameter.IsList && !parameter.IsMap)
            return Spec(parameter.Type, parameter.Description ?? "", []);
        var schema = new JsonObject { ["description"] = parameter.Description };
        if (initial is not (null or "" or IReadOnlyList<string>))
            schema["default"] = JsonSerializer.SerializeToNode(initial, WireFormat.Options);
        if (parameter.IsList)
        {
            schema["type"] = "array";
            schema["items"] = parameter.Words is null ? Value() : Scalar(parameter);
        }
        else
            schema["anyOf"] = new JsonArray([
                parameter.IsMap ? Map() : Scalar(parameter),
                new JsonObject { ["type"] = "string", ["pattern"] = parameter.IsMap ? @"=|\$\{" : @"\$\{" },
                .. parameter.Block is { } block ? new JsonNode[] { Spec(block.Type, block.Description ?? "", []) } : [],
            ]);
        return schema;
    }

    private static JsonObject Scalar(SpecParameter parameter)
    {
        if (parameter.Words is { } words)
            return new JsonObject { ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) };
        if (parameter.IsText)
        {
            var text = Value();
            if (parameter.Pattern is { } pattern)
                text["pattern"] = $"^({pattern.Pattern})$";
            return text;
        }
        var schema = new JsonObject
        {
            ["type"] =
                parameter.IsWhole ? "integer"
                : parameter.IsNumber ? "number"
                : "boolean",
        };
        if (parameter.Range is { } range)
        {
            schema["minimum"] = JsonSerializer.SerializeToNode(range.Minimum);
            if (!parameter.IsOpen)
                schema["maximum"] = JsonSerializer.SerializeToNode(range.Maximum);
        }
        return schema;
    }

    private static string Gives(StepKind kind) =>
        kind.Gives == StepGives.Rows ? "rows of the report" : $"a {kind.Gives.ToString().ToLowerInvariant()}";

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
