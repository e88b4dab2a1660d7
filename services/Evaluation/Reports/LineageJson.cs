using System.Text.Json.Nodes;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Storage.Documents;
using static TransferPipeline.Evaluation.Reports.JsonFields;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>What became of each step, and from what.</summary>
internal static class LineageJson
{
    public static JsonObject Of(StepDocument step, Study study) =>
        Fields(
            ("step", step.Name),
            ("cell", Json(step.Cell)),
            ("kind", step.Uses),
            ("key", step.Key),
            ("worker", step.Worker),
            ("attempts", step.Attempts),
            ("inputs", Json(step.Inputs.Select(Hash).OfType<string>())),
            ("outputs", Json(Outputs(step.Output))),
            ("cached", step.CachedFrom is not null),
            ("cachedFrom", step.CachedFrom),
            ("chosen", study.Selections.GetValueOrDefault(step.Id)?.Chosen),
            (
                "candidates",
                study.Selections.GetValueOrDefault(step.Id) is { } selected
                    ? List(selected.Candidates.Select(Of))
                    : null
            ),
            ("state", Json(step.State))
        );

    /// <summary>The content that an input stands for.</summary>
    public static string? Hash(StepInput input) => input.Dataset?.Id ?? input.Model?.Id ?? input.File?.Hash;

    /// <summary>All that a step left.</summary>
    public static IEnumerable<string> Outputs(StepOutput? output) =>
        (
            (string?[])[output?.Dataset?.Id, output?.Model?.Id, output?.Rows?.Hash, .. output?.Files?.Values ?? []]
        ).OfType<string>();

    public static JsonObject Unfinished(StepDocument step) =>
        Fields(("step", step.Name), ("cell", Json(step.Cell)), ("state", Json(step.State)), ("error", step.Error));

    public static JsonObject Of(Candidate candidate) =>
        Fields(
            ("step", candidate.Step),
            ("settings", Json(candidate.Settings.Values.ToDictionary())),
            ("score", candidate.Score)
        );
}
