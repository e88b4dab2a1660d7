using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Comparing;
using static TransferPipeline.Evaluation.Reports.JsonFields;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Writes <c>report.json</c>, the form that tools read; its names stay.</summary>
internal static class ReportJson
{
    private static readonly HashSet<string> RowFields =
    [
        "step",
        "model",
        "dataset",
        "split",
        "n",
        "selectedOn",
        "labelsTrain",
        "labelsDev",
        "updates",
        "metrics",
        "seconds",
        "predictions",
        "preset",
        "seen",
        "metricsUnseen",
        "labels",
        "confusion",
        "classes",
        "notes",
        "attacks",
        "selected",
        "metric",
        "mean",
        "sd",
        "low",
        "high",
        "seeds",
    ];

    public static JsonObject Of(Study study) =>
        Fields(
            ("scenario", study.Run.Scenario),
            ("run", study.Run.Id),
            ("finished", study.Finished.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")),
            ("preset", study.Run.Preset),
            ("startedBy", Json(study.Run.StartedBy)),
            ("metric", study.Metric),
            ("unit", Wording.IsShare(study.Metric) ? "%" : null),
            ("headline", Json(Headline.Of(study))),
            ("warnings", Json(Warnings.Of(study))),
            ("rows", List(study.Rows.Select(row => Row(row, study.Run.Preset)))),
            ("summary", List(study.Summaries.SelectMany(Summaries))),
            ("comparisons", List(study.Comparisons.Select(Compared))),
            ("costs", List(study.Summaries.Select(Costs))),
            ("assessments", study.Assessments.Count == 0 ? null : List(study.Assessments.Select(Assessed))),
            ("labellings", study.Labellings.Count == 0 ? null : List(study.Labellings.Select(LabellingJson.Of))),
            ("robustness", RobustnessJson.Of(study)),
            ("unfinished", List(study.Unfinished.Select(LineageJson.Unfinished))),
            ("lineage", List(study.Steps.Select(step => LineageJson.Of(step, study)))),
            ("environment", Json(study.Environment))
        );

    private static JsonObject Row(ScoredModel row, string? preset)
    {
        var scores = row.Scores;
        return Fields([
            .. Names(row.Step, scores.Model, row.Strategy, row.Cell.WithoutSeed),
            ("seed", NumberOrText(row.Seed)),
            ("dataset", scores.Dataset),
            ("split", scores.Split),
            ("n", scores.N),
            ("selectedOn", scores.SelectedOn),
            ("labelsTrain", scores.LabelsTrain),
            ("labelsDev", scores.LabelsDev),
            ("updates", scores.Updates),
            ("preset", preset),
            ("metrics", Json(scores.Metrics)),
            ("seen", scores.Seen),
            ("metricsUnseen", Json(scores.MetricsUnseen)),
            ("labels", Json(scores.Labels)),
            ("classes", Json(scores.Classes)),
            ("confusion", Json(scores.Confusion)),
            ("notes", Json(scores.Notes)),
            ("attacks", scores.Attacks is null ? null : Json(scores.Attacks)),
            ("selected", row.Selected is { } selected ? LineageJson.Of(selected.Best) : null),
            ("seconds", scores.Seconds),
            ("predictions", scores.Predictions),
        ]);
    }

    private static IEnumerable<JsonObject> Summaries(Summary summary) =>
        from metric in summary.Metrics
        let sample = summary.Of(metric)!
        select Fields([
            .. Names(summary.Step, summary.Model, summary.Strategy, summary.Cell),
            ("dataset", summary.Dataset),
            ("split", summary.Split),
            ("metric", metric),
            ("mean", sample.Mean),
            ("sd", sample.Deviation),
            ("low", sample.Interval?.Low),
            ("high", sample.Interval?.High),
            ("seeds", sample.Count),
        ]);

    private static JsonObject Costs(Summary summary) =>
        Fields([
            .. Names(summary.Step, summary.Model, summary.Strategy, summary.Cell),
            ("dataset", summary.Dataset),
            ("split", summary.Split),
            ("parameters", summary.Cost.Parameters),
            ("bytes", summary.Cost.Bytes),
            ("trainingSeconds", summary.Cost.TrainingSeconds),
            ("peakMemory", summary.Cost.PeakMemory),
            ("textsPerSecond", summary.Cost.TextsPerSecond),
        ]);

    private static JsonObject Assessed(Assessed one) =>
        Fields([
            ("step", one.Step),
            .. one.Cell.Values.Select(pair =>
                (FieldOf(pair.Key), pair.Key == "seed" ? NumberOrText(pair.Value) : Json(pair.Value))
            ),
            ("coverage", one.Of.Coverage),
            ("precision", one.Of.Hidden?.Precision),
            ("devPrecision", one.Of.Dev?.Precision),
            ("assessment", Json(one.Of with { Map = [] })),
        ]);

    private static JsonObject Compared(Comparison comparison) =>
        Fields(
            ("a", comparison.A),
            ("b", comparison.B),
            (
                "cell",
                Fields([.. comparison.Cell.Values.Select(pair => (Wording.CamelCased(pair.Key), Json(pair.Value)))])
            ),
            ("seed", NumberOrText(comparison.Seed)),
            ("test", comparison.Test),
            ("metric", comparison.Metric),
            ("difference", comparison.Difference),
            ("low", comparison.Interval?.Low),
            ("high", comparison.Interval?.High),
            ("p", comparison.P),
            ("pHolm", comparison.Holm),
            ("seeds", comparison.Test == Comparison.AcrossSeeds ? comparison.Seeds : null)
        );

    private static IEnumerable<(string, JsonNode?)> Names(
        string step,
        string model,
        string strategy,
        MatrixCell cell
    ) =>
        [
            ("step", step),
            ("model", model),
            ("strategy", strategy),
            .. cell.Without("strategy").Values.Select(pair => (FieldOf(pair.Key), Json(pair.Value))),
        ];

    // A matrix key that is called like a field of its own would hide it.
    private static string FieldOf(string key)
    {
        var name = Wording.CamelCased(key);
        return RowFields.Contains(name) ? "matrix" + char.ToUpperInvariant(name[0]) + name[1..] : name;
    }

    private static JsonNode? NumberOrText(string? text) => long.TryParse(text, out var number) ? number : text;
}
