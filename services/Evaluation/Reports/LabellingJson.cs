using System.Text.Json.Nodes;
using static TransferPipeline.Evaluation.Reports.JsonFields;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>What label models made of votes, as tools read it.</summary>
internal static class LabellingJson
{
    public static JsonObject Of(ScoredLabelling one) =>
        Fields(
            ("step", one.Step),
            ("cell", Fields([.. one.Cell.Values.Select(pair => (Wording.CamelCased(pair.Key), Json(pair.Value)))])),
            ("labelModel", one.Analysis.LabelModel),
            ("rows", one.Analysis.Rows),
            ("covered", one.Analysis.Covered),
            ("labelled", one.Analysis.Labelled),
            ("accuracy", one.Given.Accuracy),
            ("labels", Json(one.Analysis.Labels)),
            ("balance", Json(one.Analysis.Balance)),
            ("functions", List(one.Analysis.Functions.Zip(one.Functions, Function))),
            ("notes", Json(one.Analysis.Notes))
        );

    private static JsonObject Function(Contracts.FunctionAnalysis function, RightVotes hidden) =>
        Fields(
            ("name", function.Name),
            ("polarity", Json(function.Polarity)),
            ("coverage", function.Coverage),
            ("overlaps", function.Overlaps),
            ("conflicts", function.Conflicts),
            ("empiricalAccuracy", function.EmpiricalAccuracy),
            ("hiddenAccuracy", hidden.Accuracy),
            ("learnedAccuracy", function.LearnedAccuracy)
        );
}
