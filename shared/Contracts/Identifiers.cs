using System.Text.Json;
using System.Text.Json.Serialization;

namespace TransferPipeline.Contracts;

/// <summary>Names one execution of a scenario.</summary>
[JsonConverter(typeof(RunIdConverter))]
public readonly record struct RunId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Names one unit of work of a run: <c>run.step.cell</c>.</summary>
[JsonConverter(typeof(StepIdConverter))]
public readonly record struct StepId(string Value)
{
    public override string ToString() => Value;
}

internal sealed class RunIdConverter : JsonConverter<RunId>
{
    public override RunId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        new(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

internal sealed class StepIdConverter : JsonConverter<StepId>
{
    public override StepId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        new(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, StepId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
