using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Tests;

/// <summary>A store that can be away.</summary>
internal sealed class AbsentDocuments<T>(IDocuments<T> inner) : IDocuments<T>
    where T : class, IDocument<T>
{
    public volatile bool Away;

    private IDocuments<T> Store => Away ? throw new IOException("The store is away.") : inner;

    public Task<bool> InsertAsync(T document, CancellationToken cancellation = default) =>
        Store.InsertAsync(document, cancellation);

    public Task<T?> GetAsync(string id, CancellationToken cancellation = default) => Store.GetAsync(id, cancellation);

    public Task<T?> ReplaceAsync(T document, CancellationToken cancellation = default) =>
        Store.ReplaceAsync(document, cancellation);

    public IAsyncEnumerable<T> FindAsync(
        CancellationToken cancellation = default,
        params (string Field, string Value)[] equal
    ) => Store.FindAsync(cancellation, equal);

    public Task<bool> DeleteAsync(string id, CancellationToken cancellation = default) =>
        Store.DeleteAsync(id, cancellation);
}
