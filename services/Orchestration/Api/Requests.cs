namespace TransferPipeline.Orchestration.Api;

/// <summary>The body of <c>POST /api/runs</c>.</summary>
/// <param name="Scenario">The YAML text.</param>
/// <param name="Set">Overrides, <c>key=value</c>.</param>
/// <param name="Device">What networks are trained on, <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Precision">What their linear layers multiply: <c>fp32</c>, <c>bf16</c>, or <c>auto</c> where the process trains itself.</param>
internal sealed record RunSubmission(
    string? Scenario = null,
    IReadOnlyList<string>? Set = null,
    bool NoCache = false,
    string? Device = null,
    string? Precision = null
);

/// <summary>The body of <c>POST /api/runs/{id}/retry</c>; without one all steps that did not complete are taken up.</summary>
internal sealed record RetryRequest(string? Step = null);

/// <summary>The body of <c>POST /api/clean</c>.</summary>
/// <param name="OlderThan">A number and s, m, h or d; left out, a day.</param>
internal sealed record CleanRequest(string? OlderThan = null, bool DryRun = false);

/// <summary>The answer to an uploaded file.</summary>
internal sealed record StoredFile(string Artefact);
