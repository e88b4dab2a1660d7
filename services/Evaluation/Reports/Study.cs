using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>All that a report tells, before it is written in any format.</summary>
/// <param name="Steps">Every step but the report's own, in the run's order.</param>
/// <param name="Selections">How each <c>select</c> chose, by the step's id.</param>
/// <param name="Metric">What the curve shows and the comparisons across seeds compare.</param>
/// <param name="Environment">What the training steps recorded about machine and libraries, all values of each key.</param>
internal sealed record Study(
    RunDocument Run,
    ReportSpec Spec,
    IReadOnlyList<StepDocument> Steps,
    IReadOnlyList<ScoredModel> Rows,
    IReadOnlyList<Summary> Summaries,
    IReadOnlyList<Comparison> Comparisons,
    IReadOnlyDictionary<string, Selected> Selections,
    string Metric,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Environment
)
{
    /// <summary>How the labels that syntheses gave were assessed, in the run's order.</summary>
    public IReadOnlyList<Assessed> Assessments { get; init; } = [];

    /// <summary>What functions and votes said of texts, in the run's order.</summary>
    public IReadOnlyList<ScoredLabelling> Labellings { get; init; } = [];

    /// <summary>What attacks say together.</summary>
    public JointAttacks Joint { get; init; } = new([], []);

    /// <summary>Steps that came to no result.</summary>
    public IEnumerable<StepDocument> Unfinished => Steps.Where(step => step.State is not StepState.Completed);

    /// <summary>When the last step ended: the same for every writing of the same run's report.</summary>
    public DateTimeOffset Finished => Steps.Max(step => step.Ended) ?? Run.Submitted;

    /// <summary>The matrix key on the curve's axis.</summary>
    public string? Axis => Spec.Curve?.X;

    /// <summary>What one learning curve belongs to: the step, and all of its cell but the axis.</summary>
    public string SeriesOf(Summary summary)
    {
        var rest = Axis is null ? summary.Cell : summary.Cell.Without(Axis);
        return rest.Values.Count == 0 ? summary.Step : $"{summary.Step} ({rest})";
    }
}
