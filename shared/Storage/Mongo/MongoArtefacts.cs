using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.GridFS;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Storage.Mongo;

/// <summary>
/// Artefacts as files of GridFS whose name is their hash, and a folder of this machine that keeps verified copies.
/// </summary>
/// <remarks>
/// GridFS writes a file's chunks first and its entry last: an upload that breaks off leaves no artefact, only chunks that
/// <see cref="ListAsync"/> clears away. Several entries of one name hold equal bytes; the newest counts, the others go.
/// </remarks>
internal sealed class MongoArtefacts : IArtefacts
{
    private const string Bucket = "artefacts";
    private const int ChunkBytes = 1 << 20;

    /// <summary>Longer than any upload takes.</summary>
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromDays(1);

    private readonly FileArtefacts _copies;
    private readonly TimeProvider _time;
    private readonly GridFSBucket _bucket;
    private readonly IMongoCollection<BsonDocument> _chunks;

    /// <param name="copies">A folder for copies; it may be emptied while no process uses it.</param>
    public MongoArtefacts(MongoStore store, string copies, TimeProvider time)
    {
        _copies = new FileArtefacts(copies, time);
        _time = time;
        _bucket = new(store.Database, new() { BucketName = Bucket, ChunkSizeBytes = ChunkBytes });
        _chunks = store.Database.GetCollection<BsonDocument>($"{Bucket}.chunks");
    }

    public async Task<ArtefactRef> StoreAsync(
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellation = default
    )
    {
        var artefact = await _copies.StoreAsync(write, cancellation);
        await using (var copy = File.OpenRead(_copies.PathOf(artefact)))
        {
            var entry = ObjectId.GenerateNewId();
            await _bucket.UploadFromStreamAsync(entry, artefact.Hash, copy, cancellationToken: cancellation);
            await DeleteOlderAsync(artefact, entry, cancellation);
        }
        return artefact;
    }

    public async Task<bool> VerifyAsync(ArtefactRef artefact, CancellationToken cancellation = default)
    {
        _ = ContentHash.Digits(artefact.Hash);
        var found = await ReadNewestAsync(
            artefact,
            async entry =>
            {
                await using var hashing = new HashingStream(Stream.Null);
                await DownloadAsync(entry, hashing, cancellation);
                return hashing.Finish();
            },
            cancellation
        );
        return found == artefact.Hash;
    }

    public async Task<string> GetFileAsync(ArtefactRef artefact, CancellationToken cancellation = default)
    {
        try
        {
            return await _copies.GetFileAsync(artefact, cancellation);
        }
        catch (MissingArtefactException)
        {
            return await FetchAsync(artefact, cancellation);
        }
    }

    public async IAsyncEnumerable<StoredArtefact> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        await DeleteLeftoversAsync(cancellation);
        var listed = new HashSet<string>();
        var newestFirst = new GridFSFindOptions { Sort = Builders<GridFSFileInfo>.Sort.Descending("_id") };
        using var entries = await _bucket.FindAsync(Builders<GridFSFileInfo>.Filter.Empty, newestFirst, cancellation);
        while (await entries.MoveNextAsync(cancellation))
        {
            foreach (var entry in entries.Current.Where(entry => listed.Add(entry.Filename)))
                yield return new(new(entry.Filename), entry.Length, entry.UploadDateTime);
        }
    }

    public async Task<bool> DeleteAsync(ArtefactRef artefact, CancellationToken cancellation = default)
    {
        await _copies.DeleteAsync(artefact, cancellation);
        var entries = await EntriesAsync(artefact, cancellation);
        foreach (var entry in entries)
            await DeleteEntryAsync(entry.Id, cancellation);
        return entries.Count > 0;
    }

    /// <summary>Downloads into the folder of copies, where the bytes get the name of their own hash.</summary>
    private async Task<string> FetchAsync(ArtefactRef artefact, CancellationToken cancellation)
    {
        var copy =
            await ReadNewestAsync(
                artefact,
                entry => _copies.StoreAsync((to, stop) => DownloadAsync(entry, to, stop), cancellation),
                cancellation
            ) ?? throw new MissingArtefactException(artefact, "is not in the store");
        if (copy == artefact)
            return _copies.PathOf(artefact);

        await _copies.DeleteAsync(copy, cancellation);
        throw new MissingArtefactException(artefact, $"is damaged: its bytes have the hash {copy.Hash}");
    }

    /// <summary>Chunk by chunk: a plain download asks for a hundred at once, and holds in memory what the server puts into one answer.</summary>
    private async Task DownloadAsync(ObjectId entry, Stream to, CancellationToken cancellation)
    {
        await using var from = await _bucket.OpenDownloadStreamAsync(entry, new() { Seekable = true }, cancellation);
        await from.CopyToAsync(to, cancellation);
    }

    /// <summary>
    /// Null where there is no whole file of that name. Who stores the same bytes again takes the older entry away, perhaps
    /// while it is read here: then there is a newer one.
    /// </summary>
    private async Task<TRead?> ReadNewestAsync<TRead>(
        ArtefactRef artefact,
        Func<ObjectId, Task<TRead>> read,
        CancellationToken cancellation
    )
        where TRead : class
    {
        ObjectId? gone = null;
        while (true)
        {
            var newest = (await EntriesAsync(artefact, cancellation)).FirstOrDefault()?.Id;
            if (newest is null || newest == gone)
                return null;
            try
            {
                return await read(newest.Value);
            }
            catch (Exception missing) when (missing is GridFSFileNotFoundException or GridFSChunkException)
            {
                gone = newest;
            }
        }
    }

    /// <summary>The newest first.</summary>
    private async Task<List<GridFSFileInfo>> EntriesAsync(ArtefactRef artefact, CancellationToken cancellation)
    {
        using var entries = await _bucket.FindAsync(
            Builders<GridFSFileInfo>.Filter.Eq(entry => entry.Filename, artefact.Hash),
            cancellationToken: cancellation
        );
        return [.. (await entries.ToListAsync(cancellation)).OrderByDescending(entry => entry.Id)];
    }

    /// <summary>Of equal bytes stored twice the newest entry stays; its time keeps a clean-up from taking it.</summary>
    private async Task DeleteOlderAsync(ArtefactRef artefact, ObjectId newest, CancellationToken cancellation)
    {
        foreach (var entry in await EntriesAsync(artefact, cancellation))
            if (entry.Id < newest)
                await DeleteEntryAsync(entry.Id, cancellation);
    }

    private async Task DeleteEntryAsync(ObjectId entry, CancellationToken cancellation)
    {
        try
        {
            await _bucket.DeleteAsync(entry, cancellation);
        }
        catch (GridFSFileNotFoundException)
        {
            // Another process was faster.
        }
    }

    /// <summary>Chunks whose upload began long ago and never came to its entry.</summary>
    private async Task DeleteLeftoversAsync(CancellationToken cancellation)
    {
        var before = ObjectId.GenerateNewId((_time.GetUtcNow() - LeftoverAge).UtcDateTime);
        var files = await _chunks
            .Aggregate()
            .Match(Builders<BsonDocument>.Filter.Lt("files_id", before))
            .Group(new BsonDocument("_id", "$files_id"))
            .ToListAsync(cancellation);
        foreach (var file in files.Select(group => group["_id"].AsObjectId))
        {
            using var entry = await _bucket.FindAsync(
                Builders<GridFSFileInfo>.Filter.Eq("_id", file),
                cancellationToken: cancellation
            );
            if (!await entry.AnyAsync(cancellation))
                await _chunks.DeleteManyAsync(Builders<BsonDocument>.Filter.Eq("files_id", file), cancellation);
        }
    }
}
