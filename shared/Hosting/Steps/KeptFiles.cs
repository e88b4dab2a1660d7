using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Files of results between steps, by the hash of all that they depend on: a cache, no part of any result.</summary>
public sealed class KeptFiles(IDocuments<KeptFileDocument> documents, IArtefacts artefacts)
{
    /// <summary>A local file with the bytes kept under that key; null where there is none any more.</summary>
    public string? Find(string key, CancellationToken cancellation = default)
    {
        if (documents.GetAsync(key, cancellation).GetAwaiter().GetResult() is not { } kept)
            return null;
        try
        {
            return artefacts.GetFileAsync(kept.File, cancellation).GetAwaiter().GetResult();
        }
        catch (MissingArtefactException)
        {
            documents.DeleteAsync(key, cancellation).GetAwaiter().GetResult();
            return null;
        }
    }

    /// <summary>Keeps what is written; of two who keep the same key at once either may win.</summary>
    public void Keep(string key, Action<Stream> write, CancellationToken cancellation = default)
    {
        var file = artefacts
            .StoreAsync(
                (to, _) =>
                {
                    write(to);
                    return Task.CompletedTask;
                },
                cancellation
            )
            .GetAwaiter()
            .GetResult();
        documents.InsertAsync(new KeptFileDocument(key, file), cancellation).GetAwaiter().GetResult();
    }
}
