namespace TransferPipeline.Storage.Documents;

/// <summary>A document changed alone, by compare-and-set on its version.</summary>
public interface IDocument<TSelf>
    where TSelf : IDocument<TSelf>
{
    /// <summary>The collection's name in the store.</summary>
    static abstract string Collection { get; }

    /// <summary>The fields, camel-cased as in JSON, that <see cref="IDocuments{T}.FindAsync"/> may ask for.</summary>
    static abstract IReadOnlyList<string> Indexes { get; }

    string Id { get; }

    /// <summary>0 for a document not yet stored; each accepted write adds 1.</summary>
    int Version { get; }

    /// <summary>The same document under another version.</summary>
    TSelf WithVersion(int version);
}

/// <summary>One collection of documents: the port that SQLite and MongoDB implement.</summary>
public interface IDocuments<T>
    where T : class, IDocument<T>
{
    /// <summary>Stores a new document as version 1; false when the id is taken.</summary>
    Task<bool> InsertAsync(T document, CancellationToken cancellation = default);

    /// <summary>The document, or null.</summary>
    Task<T?> GetAsync(string id, CancellationToken cancellation = default);

    /// <summary>Stores the document as its version plus 1; null when the stored version is another or the document is gone.</summary>
    Task<T?> ReplaceAsync(T document, CancellationToken cancellation = default);

    /// <summary>
    /// All documents whose indexed fields have these values, in the order of their ids; no snapshot, so a document that
    /// changes meanwhile may be missed. Name the most selective field first: some stores use the index of that one only.
    /// </summary>
    IAsyncEnumerable<T> FindAsync(
        CancellationToken cancellation = default,
        params (string Field, string Value)[] equal
    );

    /// <summary>Removes the document; false when there was none.</summary>
    Task<bool> DeleteAsync(string id, CancellationToken cancellation = default);
}
