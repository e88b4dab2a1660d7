using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Triggers;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>A checked scenario with its overrides applied.</summary>
/// <param name="Inputs">The values that <c>${inputs.…}</c> stands for; a scalar without text is one that was not given.</param>
/// <param name="Steps">Needed steps first, otherwise as in the file.</param>
internal sealed record Scenario(
    string Name,
    IReadOnlyDictionary<string, Scalar> Inputs,
    Matrix Matrix,
    IReadOnlyList<ScenarioStep> Steps,
    ReportSpec Report,
    string? Preset,
    TriggerSpec? On
);

/// <param name="With">The entries of <c>with:</c>, expressions not yet filled in.</param>
/// <param name="Needs">Names of the steps it refers to.</param>
/// <param name="MatrixKeys">The matrix keys that reach it, through whatever steps, in the matrix's order.</param>
/// <param name="Device">What it is to be computed on; null: what the run says.</param>
/// <param name="Over">The keys along which it gathers what others gave; none of them is among its own.</param>
internal sealed record ScenarioStep(
    string Name,
    Place Place,
    StepKind Kind,
    IReadOnlyList<Entry> With,
    IReadOnlyList<string> Needs,
    IReadOnlyList<string> MatrixKeys,
    IReadOnlyList<string> Over,
    string? Device = null
);
