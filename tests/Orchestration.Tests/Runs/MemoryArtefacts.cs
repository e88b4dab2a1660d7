using System.Runtime.CompilerServices;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.TestKit;

namespace TransferPipeline.Orchestration.Tests.Runs;

/// <summary>Artefacts in a temporary folder, which a test can damage.</summary>
internal sealed class MemoryArtefacts : IArtefacts, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;
    private readonly Dictionary<string, DateTimeOffset> _stored = [];

    public string Store(string text)
    {
        var hash = ContentHash.Of(text);
        _folder.Write(hash, text);
        _stored[hash] = Now;
        return hash;
    }

    public void Damage(string hash) => _folder.Write(hash, "damaged");

    public bool Has(string hash) => File.Exists(_folder[hash]);

    public async Task<ArtefactRef> StoreAsync(
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellation = default
    )
    {
        using var bytes = new MemoryStream();
        await write(bytes, cancellation);
        return new ArtefactRef(Store(System.Text.Encoding.UTF8.GetString(bytes.ToArray())));
    }

    public Task<bool> VerifyAsync(ArtefactRef artefact, CancellationToken cancellation = default) =>
        Task.FromResult(
            Has(artefact.Hash) && ContentHash.Of(File.ReadAllBytes(_folder[artefact.Hash])) == artefact.Hash
        );

    public async Task<string> GetFileAsync(ArtefactRef artefact, CancellationToken cancellation = default) =>
        await VerifyAsync(artefact, cancellation)
            ? _folder[artefact.Hash]
            : throw new MissingArtefactException(artefact, "is damaged");

    public async IAsyncEnumerable<StoredArtefact> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        await Task.CompletedTask;
        foreach (var (hash, stored) in _stored.ToList())
            if (Has(hash))
                yield return new StoredArtefact(new ArtefactRef(hash), new FileInfo(_folder[hash]).Length, stored);
    }

    public Task<bool> DeleteAsync(ArtefactRef artefact, CancellationToken cancellation = default)
    {
        var had = Has(artefact.Hash);
        File.Delete(_folder[artefact.Hash]);
        return Task.FromResult(had);
    }

    public void Dispose() => _folder.Dispose();
}
