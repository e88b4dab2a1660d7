using System.Runtime.CompilerServices;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Tests;

/// <summary>A store that takes questions and does not answer them until the asker gives up.</summary>
internal sealed class SilentDocuments<T>(IDocuments<T> inner) : IDocuments<T>
    where T : class, IDocument<T>
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done with the first question.</summary>
    public Task Asked => _asked.Task;

    public Task<bool> InsertAsync(T document, CancellationToken cancellation = default) =>
        inner.InsertAsync(document, cancellation);

    public Task<T?> GetAsync(string id, CancellationToken cancellation = default) => inner.GetAsync(id, cancellation);

    public Task<T?> ReplaceAsync(T document, CancellationToken cancellation = default) =>
        inner.ReplaceAsync(document, cancellation);

    public async IAsyncEnumerable<T> FindAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default,
        params (string Field, string Value)[] equal
    )
    {
        _asked.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        yield break;
    }

    public Task<bool> DeleteAsync(string id, CancellationToken cancellation = default) =>
        inner.DeleteAsync(id, cancellation);
}
