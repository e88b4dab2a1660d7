using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Evaluation.Selecting;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Gathers how a run's <c>select</c> steps chose.</summary>
internal static class SelectionReader
{
    /// <summary>By the step's id; of those that came to a result.</summary>
    public static IReadOnlyDictionary<string, Selected> Read(
        IReadOnlyDictionary<string, StepDocument> steps,
        StepWork work
    ) =>
        steps
            .Values.Where(step => step.Uses == StepKinds.Select.Uses)
            .Select(step => (step.Id, Selected: Read(step, steps, work)))
            .Where(one => one.Selected is not null)
            .ToDictionary(one => one.Id, one => one.Selected!);

    private static Selected? Read(StepDocument step, IReadOnlyDictionary<string, StepDocument> steps, StepWork work)
    {
        if (step.Output?.Files?.GetValueOrDefault(SelectionHandler.SelectionFile) is not { } file)
            return null;
        var selection = work.Read<ModelSelection>(new ArtefactRef(file));
        var inputs = step.Inputs.Where(input => input.Name.StartsWith("candidates.", StringComparison.Ordinal));
        return new(
            selection.Metric,
            selection.Split,
            selection.Chosen,
            [.. inputs.Zip(selection.Candidates, (input, candidate) => Of(input, candidate.Score))]
        );

        Candidate Of(StepInput input, double score)
        {
            var maker = input.From is { } id ? steps.GetValueOrDefault(id.Value) : null;
            var settings = maker?.Cell.Where(pair => !step.Cell.ContainsKey(pair.Key)) ?? [];
            return new(maker?.Name ?? input.GivenAs ?? input.Name, new MatrixCell(settings), score);
        }
    }
}
