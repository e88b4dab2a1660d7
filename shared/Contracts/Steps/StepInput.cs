namespace TransferPipeline.Contracts.Steps;

/// <summary>A resolved or still open reference of a step.</summary>
/// <param name="Name">The parameter; an element of a list is called <c>models.0</c>, <c>models.1</c>, …</param>
/// <param name="From">The step whose result this is; null where it was given with the run.</param>
/// <param name="GivenAs">What the user wrote, where it was given with the run: a model's or dataset's name.</param>
public sealed record StepInput(
    string Name,
    StepId? From = null,
    string? GivenAs = null,
    DatasetRef? Dataset = null,
    ModelRef? Model = null,
    ArtefactRef? File = null
)
{
    /// <summary>Whether the content is known.</summary>
    public bool Resolved => Dataset is not null || Model is not null || File is not null;
}

/// <summary>What a step made.</summary>
/// <param name="Rows">For <c>evaluate</c>: a JSON list of <see cref="ModelScores"/>, one per model in the order of the inputs.</param>
/// <param name="Files">Further artefacts by name: <c>report.json</c>, <c>statistics.json</c>, …</param>
public sealed record StepOutput(
    DatasetRef? Dataset = null,
    ModelRef? Model = null,
    ArtefactRef? Rows = null,
    IReadOnlyDictionary<string, string>? Files = null
);
