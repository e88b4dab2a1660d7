using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Orchestration.Api;

/// <summary>Resolves the inputs of a scenario that came by HTTP: stored names, and artefacts for files; never a path.</summary>
internal sealed class SubmittedInputs(CatalogueInputs catalogue, IArtefacts artefacts) : IInputResolver
{
    private const int LongestName = 200;

    public async Task<ResolvedInput> ResolveAsync(InputKind kind, string text, CancellationToken cancellation = default)
    {
        if (kind != InputKind.File && !(kind == InputKind.Lexicon && ContentHash.IsOne(text)))
            return text.Length <= LongestName
                ? await catalogue.ResolveAsync(kind, text, cancellation)
                : throw new BadInputException($"a name of {text.Length} characters; expected one that is stored");
        if (!ContentHash.IsOne(text))
            throw new BadInputException(
                "a file is given by its content here: expected 'sha256:' and 64 hexadecimal digits, as POST /api/artefacts answers"
            );
        var file = new ArtefactRef(text);
        return await artefacts.VerifyAsync(file, cancellation)
            ? new ResolvedInput(text, File: file)
            : throw new BadInputException($"there is no artefact {text}; expected one that POST /api/artefacts stored");
    }
}
