using TransferPipeline.Contracts;

namespace TransferPipeline.Evaluation.Comparing;

/// <summary>One model's scores at one place of the matrix: a row of the report.</summary>
/// <param name="ScoredBy">The evaluating step.</param>
/// <param name="Step">The step that made the model, or the model's own name.</param>
/// <param name="Strategy">The matrix value of that name, else that step's parameter, else <c>none</c>.</param>
/// <param name="Cell">Where the evaluating step stands.</param>
/// <param name="Seed">The matrix value, else the seed that made the model.</param>
/// <param name="Selected">How it was chosen, where that step chose among others.</param>
/// <param name="Key">The key of the step that made the model: equal keys are one result, however often it is listed.</param>
internal sealed record ScoredModel(
    string ScoredBy,
    string Step,
    string Strategy,
    MatrixCell Cell,
    string? Seed,
    string Key,
    ModelScores Scores,
    Selected? Selected = null,
    ModelCost? Cost = null
)
{
    public double? Value(string metric) => Scores.Metrics.GetValueOrDefault(metric)?.Value;
}
