using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Tests;

/// <summary>A store whose next accepted writes are made, but not answered.</summary>
internal sealed class UnansweredDocuments<T>(IDocuments<T> inner) : IDocuments<T>
    where T : class, IDocument<T>
{
    /// <summary>How many.</summary>
    public int Unanswered { get; set; }

    public Task<bool> InsertAsync(T document, CancellationToken cancellation = default) =>
        inner.InsertAsync(document, cancellation);

    public Task<T?> GetAsync(string id, CancellationToken cancellation = default) => inner.GetAsync(id, cancellation);

    public async Task<T?> ReplaceAsync(T document, CancellationToken cancellation = default)
    {
        var replaced = await inner.ReplaceAsync(document, cancellation);
        return replaced is not null && Unanswered-- > 0 ? throw new IOException("No answer came.") : replaced;
    }

    public IAsyncEnumerable<T> FindAsync(
        CancellationToken cancellation = default,
        params (string Field, string Value)[] equal
    ) => inner.FindAsync(cancellation, equal);

    public Task<bool> DeleteAsync(string id, CancellationToken cancellation = default) =>
        inner.DeleteAsync(id, cancellation);
}
