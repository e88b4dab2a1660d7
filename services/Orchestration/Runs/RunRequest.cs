using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>A scenario as it arrives: content, never a path.</summary>
/// <param name="Source">The YAML text.</param>
/// <param name="FileName">What messages call it.</param>
/// <param name="Overrides"><c>key=value</c>, in the order given.</param>
public sealed record RunRequest(string Source, string FileName, IReadOnlyList<string> Overrides)
{
    /// <summary>The id that the run is to have; where there is such a run already it is the answer. Null: a new one.</summary>
    public string? Id { get; init; }

    /// <summary>Compute every step, whatever was computed before.</summary>
    public bool NoCache { get; init; }

    /// <summary>The process whose workers may claim the steps; null: any.</summary>
    public RunOwner? Owner { get; init; }

    /// <summary>The event that started it; null: somebody asked for it.</summary>
    public RunOrigin? StartedBy { get; init; }

    /// <summary>What linear layers multiply in training: <c>fp32</c>, <c>bf16</c>, or <c>auto</c> for what is measured to be faster.</summary>
    public string Precision { get; init; } = "fp32";

    /// <summary>What steps that train on a device train on, <c>cpu</c> or <c>cuda</c>; only workers that have it claim them.</summary>
    public string Device { get; init; } = "cpu";
}

/// <summary>What <see cref="RunDesk.CleanAsync"/> removed, or would remove.</summary>
public sealed record CleanResult(int Artefacts, long Bytes);
