using System.Text.Json.Nodes;
using TransferPipeline.Evaluation.Comparing;
using static TransferPipeline.Evaluation.Reports.JsonFields;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>What attacks say together, as <c>report.json</c> holds it.</summary>
internal static class RobustnessJson
{
    /// <summary>Null where there is nothing to say.</summary>
    public static JsonObject? Of(Study study) =>
        study.Joint is { Worst.Count: 0, Shared.Count: 0 }
            ? null
            : Fields(
                ("worstCase", List(study.Joint.Worst.Select(Worst))),
                ("onSharedExamples", List(study.Joint.Shared.Select(Shared)))
            );

    private static JsonObject Worst(WorstCase one) =>
        Fields(
            ("step", one.Step),
            ("seed", one.Seed),
            ("attacks", one.Attacks),
            ("n", one.N),
            ("originalAccuracy", Json(one.OriginalAccuracy)),
            ("accuracyUnderAttack", Json(one.AccuracyUnderAttack))
        );

    private static JsonObject Shared(OnSharedExamples one) =>
        Fields(
            ("recipe", one.Recipe),
            ("step", one.Step),
            ("cell", Fields(one.Cell.Values.Select(pair => (Wording.CamelCased(pair.Key), Json(pair.Value))))),
            ("n", one.N),
            ("accuracyUnderAttack", one.AccuracyUnderAttack is null ? null : Json(one.AccuracyUnderAttack))
        );
}
