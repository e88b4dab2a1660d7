using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Orchestration.Triggers;

/// <summary>What a scenario's <c>on:</c> holds; null where a key is not there.</summary>
internal sealed record TriggerSpec(DatasetIngestedSpec? Dataset, RunCompletedSpec? Run)
{
    public const string DatasetIngested = "dataset-ingested";
    public const string RunCompleted = "run-completed";

    public static readonly IReadOnlyList<string> Keys = [DatasetIngested, RunCompleted];
}

/// <summary>A new version of a dataset starts the scenario.</summary>
internal sealed record DatasetIngestedSpec
{
    [Description("The dataset's name; * stands for any letters, ? for one.")]
    [Required]
    [RegularExpression("[A-Za-z0-9*?][A-Za-z0-9._*?-]*")]
    public string Name { get; init; } = "";

    [Description("The input that the new version fills, whatever value it has in the file.")]
    [RegularExpression("[A-Za-z_][A-Za-z0-9_-]*")]
    public string As { get; init; } = "dataset";
}

/// <summary>A completed run starts the scenario.</summary>
internal sealed record RunCompletedSpec
{
    [Description("The name of the other scenario.")]
    [Required]
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9._-]*")]
    public string Scenario { get; init; } = "";
}
