using TransferPipeline.Contracts;

namespace TransferPipeline.Storage.Artefacts;

/// <summary>Bytes addressed by their SHA-256: written aside, hashed, fsynced, then published; verified when read.</summary>
public interface IArtefacts
{
    /// <summary>Stores what <paramref name="write"/> writes; storing the same bytes again changes nothing.</summary>
    Task<ArtefactRef> StoreAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellation = default);

    /// <summary>Whether the bytes are there and match their hash; reads them all.</summary>
    Task<bool> VerifyAsync(ArtefactRef artefact, CancellationToken cancellation = default);

    /// <summary>A local, read-only file with the verified bytes, valid until the process ends.</summary>
    /// <exception cref="MissingArtefactException">The bytes are gone or do not match their hash.</exception>
    Task<string> GetFileAsync(ArtefactRef artefact, CancellationToken cancellation = default);

    /// <summary>All stored artefacts with size in bytes and time of storing.</summary>
    IAsyncEnumerable<StoredArtefact> ListAsync(CancellationToken cancellation = default);

    /// <summary>Removes the bytes; false when there were none.</summary>
    Task<bool> DeleteAsync(ArtefactRef artefact, CancellationToken cancellation = default);
}

/// <summary>An artefact as the store sees it.</summary>
public sealed record StoredArtefact(ArtefactRef Artefact, long Bytes, DateTimeOffset Stored);

/// <summary>An artefact's bytes are gone or do not match their hash.</summary>
public sealed class MissingArtefactException(ArtefactRef artefact, string reason)
    : Exception($"Artefact {artefact.Hash} {reason}.")
{
    public ArtefactRef Artefact { get; } = artefact;
}
