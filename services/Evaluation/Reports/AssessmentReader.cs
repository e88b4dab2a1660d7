using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Assessing;
using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>The labels of one synthesis, scored.</summary>
/// <param name="Step">The step that gave them.</param>
internal sealed record Assessed(string Step, MatrixCell Cell, Assessment Of);

/// <summary>Gathers what a run's <c>assess</c> steps found.</summary>
internal static class AssessmentReader
{
    public static IReadOnlyList<Assessed> Read(
        IEnumerable<StepDocument> steps,
        IReadOnlyDictionary<string, StepDocument> byId,
        StepWork work
    ) =>
        [
            .. from step in steps
            where step.Uses == StepKinds.Assess.Uses
            let file = step.Output?.Files?.GetValueOrDefault(Assessment.File)
            where file is not null
            select new Assessed(
                MakerOf(step, byId),
                new MatrixCell(step.Cell),
                work.Read<Assessment>(new ArtefactRef(file))
            ),
        ];

    private static string MakerOf(StepDocument step, IReadOnlyDictionary<string, StepDocument> byId) =>
        step.Inputs.FirstOrDefault(input => input.Name == "dataset") is { From: { } id }
        && byId.TryGetValue(id.Value, out var maker)
            ? maker.Name
            : step.Name;
}
