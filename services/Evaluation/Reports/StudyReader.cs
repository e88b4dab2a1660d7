using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Evaluation.Evaluating;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Gathers a run's results from its documents and artefacts.</summary>
internal sealed class StudyReader(IDocuments<RunDocument> runs, IDocuments<StepDocument> steps)
{
    public Study Read(StepWork work)
    {
        var run =
            runs.GetAsync(work.Step.Run, work.Stop).GetAwaiter().GetResult()
            ?? throw new InvalidDataException(
                $"Step {work.Step.Id} belongs to run {work.Step.Run}, which is not stored."
            );
        var spec = work.Spec<ReportSpec>();
        var documents = run
            .Steps.Where(id => id != work.Step.Id)
            .Select(id =>
                steps.GetAsync(id, work.Stop).GetAwaiter().GetResult()
                ?? throw new InvalidDataException($"Step {id} of run {run.Id} is not stored.")
            )
            .ToArray();

        var byId = documents.ToDictionary(step => step.Id);
        var selections = SelectionReader.Read(byId, work);
        ScoredModel[] rows = [.. documents.SelectMany(step => Rows(step, byId, selections, work))];
        var metric = MetricOf(spec, rows);
        var right = new RightAnswers(work.Artefacts, work.Stop);
        return new Study(
            run,
            spec,
            documents,
            rows,
            Summary.Of(rows),
            new Comparer(right.Of, metric).Compare(rows, spec.Compare),
            selections,
            metric,
            Environment(documents, work)
        )
        {
            Assessments = AssessmentReader.Read(documents, byId, work),
            Labellings = LabellingReader.Read(documents, work),
            Joint = JointAttacks.Of(rows, log => LogFile(log, work)),
        };
    }

    // What can be told without a log is told.
    private static string? LogFile(string log, StepWork work)
    {
        try
        {
            return work.FileOf(new ArtefactRef(log));
        }
        catch (MissingArtefactException)
        {
            return null;
        }
    }

    private static IEnumerable<ScoredModel> Rows(
        StepDocument evaluation,
        Dictionary<string, StepDocument> steps,
        IReadOnlyDictionary<string, Selected> selections,
        StepWork work
    )
    {
        if (evaluation.Uses != StepKinds.Evaluate.Uses || evaluation.Output?.Rows is not { } rows)
            return [];

        var models = evaluation.Inputs.Where(input => input.Name.StartsWith("models.", StringComparison.Ordinal));
        var costs = CostsOf(evaluation, work);
        return models
            .Zip(work.Read<ModelScores[]>(rows))
            .Select(
                (pair, index) =>
                {
                    var (model, scores) = pair;
                    var maker = model.From is { } id ? steps[id.Value] : null;
                    return Row(evaluation, model, maker, scores) with
                    {
                        Selected = maker is null ? null : selections.GetValueOrDefault(maker.Id),
                        Cost = Cost(costs?[index], model.Model is { } made ? Card(made, work) : null),
                    };
                }
            );
    }

    private static ScoredModel Row(StepDocument evaluation, StepInput model, StepDocument? maker, ModelScores scores)
    {
        var cell = new MatrixCell(evaluation.Cell);
        return new ScoredModel(
            evaluation.Name,
            maker?.Name ?? model.GivenAs ?? model.Name,
            cell["strategy"] ?? Strategy(maker, scores),
            cell,
            cell.Seed ?? Text(maker?.Parameters["seed"]),
            maker?.Key ?? model.Model?.Id ?? scores.Predictions,
            scores
        );
    }

    // A choice among models has no strategy of its own.
    private static string Strategy(StepDocument? maker, ModelScores scores) =>
        maker?.Uses == StepKinds.Select.Uses ? scores.Strategy : Text(maker?.Parameters["strategy"]) ?? "none";

    /// <summary>Null for what was scored before anybody measured it.</summary>
    private static ScoringCost[]? CostsOf(StepDocument evaluation, StepWork work) =>
        evaluation.Output?.Files?.GetValueOrDefault(ScoringCost.File) is { } file
            ? work.Read<ScoringCost[]>(new ArtefactRef(file))
            : null;

    // A model that was given with the run was trained elsewhere, if at all.
    private static ModelCost Cost(ScoringCost? scoring, ModelCard? card) =>
        new(
            scoring?.Parameters,
            scoring?.Bytes,
            card?.Seconds is > 0 and var seconds ? seconds : null,
            card?.PeakMemory,
            scoring?.TextsPerSecond
        );

    private static string MetricOf(ReportSpec spec, ScoredModel[] rows)
    {
        if (rows.Length == 0 || (spec.Curve is { } curve && rows.Any(row => row.Value(curve.Y) is not null)))
            return spec.Curve?.Y ?? "accuracy";
        return rows[0].Scores.Metrics.ContainsKey("accuracy")
            ? "accuracy"
            : rows[0].Scores.Metrics.Keys.FirstOrDefault("accuracy");
    }

    private static SortedDictionary<string, IReadOnlyList<string>> Environment(StepDocument[] steps, StepWork work)
    {
        var found = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (
            var card in steps.Select(step => step.Output?.Model).OfType<ModelRef>().Select(model => Card(model, work))
        )
        foreach (var (key, value) in card?.Environment ?? new Dictionary<string, string>())
            found[key] = [.. found.GetValueOrDefault(key, []).Append(value).Distinct().Order(StringComparer.Ordinal)];
        return found;
    }

    // A card says where a model came from; a report of figures that are all there does not fail for it.
    private static ModelCard? Card(ModelRef model, StepWork work)
    {
        try
        {
            return work.Card(model);
        }
        catch (MissingArtefactException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? value) =>
        value is null ? null
        : value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>()
        : value.ToJsonString();
}
