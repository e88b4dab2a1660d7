using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>A checked scenario and its steps, needed ones first.</summary>
internal sealed record UnrolledScenario(Scenario Scenario, IReadOnlyList<UnrolledStep> Steps);

/// <summary>A step of the scenario in one cell of the matrix.</summary>
/// <param name="Index">Its place among the cells of its step.</param>
/// <param name="Spec">The kind's spec record with its values bound.</param>
internal sealed record UnrolledStep(
    string Name,
    int Index,
    IReadOnlyDictionary<string, string> Cell,
    StepKind Kind,
    object Spec,
    IReadOnlyList<UnrolledInput> Inputs,
    string? Device = null
);

/// <summary>A reference that is either another step's result or something given with the run.</summary>
/// <param name="Origin">Where it was written and under which key, for messages.</param>
internal sealed record UnrolledInput(
    string Name,
    InputKind Kind,
    UnrolledStep? From,
    string? Given,
    (Place Place, string Path) Origin
)
{
    /// <summary>The reference is wrong, and that has been told.</summary>
    public bool IsBroken => From is null && Given is null;

    /// <summary>Equal where the content is the same.</summary>
    public (string?, int, string?) Source => (From?.Name, From?.Index ?? 0, Given);
}
