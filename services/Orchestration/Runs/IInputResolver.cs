using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>Turns what a user wrote for a dataset, a model or a file into content that is stored.</summary>
public interface IInputResolver
{
    /// <exception cref="BadInputException">Nothing of that name; the message says what there is.</exception>
    Task<ResolvedInput> ResolveAsync(InputKind kind, string text, CancellationToken cancellation = default);
}

/// <summary>Stored content; the one that its kind asks for is set.</summary>
/// <param name="Name">What reports call it.</param>
public sealed record ResolvedInput(
    string Name,
    DatasetRef? Dataset = null,
    ModelRef? Model = null,
    ArtefactRef? File = null
);
