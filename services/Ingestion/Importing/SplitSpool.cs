using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>The splits of an import in a folder of their own: nothing reaches the store before every row was accepted.</summary>
internal sealed class SplitSpool : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("transfer-import-").FullName;
    private readonly FileStream?[] _files = new FileStream?[DatasetIdentity.SplitNames.Count];
    private readonly SplitWriter?[] _writers = new SplitWriter?[DatasetIdentity.SplitNames.Count];

    public SplitWriter Writer(int split)
    {
        if (_writers[split] is { } writer)
            return writer;
        var file = _files[split] = File.Create(Path.Combine(_folder, DatasetIdentity.SplitNames[split]));
        return _writers[split] = SplitWriter.CreateAsync(file).GetAwaiter().GetResult();
    }

    /// <summary>Ends the files and stores them.</summary>
    public async Task<IReadOnlyList<SplitRef>> StoreAsync(IArtefacts artefacts, CancellationToken cancellation)
    {
        var splits = new List<SplitRef>();
        for (var split = 0; split < _writers.Length; split++)
            if (_writers[split] is { } writer && _files[split] is { } file)
            {
                var summary = await writer.FinishAsync();
                file.Position = 0;
                var content = await artefacts.StoreAsync((to, stop) => file.CopyToAsync(to, stop), cancellation);
                splits.Add(DatasetIdentity.Split(DatasetIdentity.SplitNames[split], summary, content));
            }
        return splits;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers)
            if (writer is not null)
                await writer.DisposeAsync();
        foreach (var file in _files)
            file?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
