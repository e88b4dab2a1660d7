using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MongoDB.Bson;
using MongoDB.Driver;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Storage.Mongo;

/// <summary>
/// A collection whose documents hold the version, the indexed fields, and the whole as JSON text: keys with dots, such as
/// names of files, and numbers come back as they went in from every deployment.
/// </summary>
internal sealed class MongoDocuments<T>(MongoStore store) : IDocuments<T>
    where T : class, IDocument<T>
{
    private const int Layout = 1;
    private const int SmallPage = 16;
    private const int LargePage = 1024;
    private static readonly FilterDefinitionBuilder<BsonDocument> Where = Builders<BsonDocument>.Filter;

    private readonly IMongoCollection<BsonDocument> _collection = store.Database.GetCollection<BsonDocument>(
        T.Collection
    );
    private volatile bool _indexed;

    public async Task<bool> InsertAsync(T document, CancellationToken cancellation = default)
    {
        await EnsureIndexesAsync(cancellation);
        var stored = ToBson(document.WithVersion(1));
        try
        {
            await _collection.InsertOneAsync(stored, cancellationToken: cancellation);
            return true;
        }
        catch (MongoWriteException taken) when (taken.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            return false;
        }
        catch (MongoException unanswered) when (MayHaveBeenWritten(unanswered))
        {
            return await HoldsAsync(stored, cancellation);
        }
    }

    public async Task<T?> GetAsync(string id, CancellationToken cancellation = default)
    {
        var found = await _collection.Find(Where.Eq("_id", id)).FirstOrDefaultAsync(cancellation);
        return found is null ? null : FromBson(found);
    }

    public async Task<T?> ReplaceAsync(T document, CancellationToken cancellation = default)
    {
        var next = document.WithVersion(document.Version + 1);
        var stored = ToBson(next);
        try
        {
            var replaced = await _collection.ReplaceOneAsync(
                Where.Eq("_id", document.Id) & Where.Eq("version", document.Version),
                stored,
                cancellationToken: cancellation
            );
            return replaced.MatchedCount == 1 ? next : null;
        }
        catch (MongoException unanswered) when (MayHaveBeenWritten(unanswered))
        {
            return await HoldsAsync(stored, cancellation) ? next : null;
        }
    }

    public async IAsyncEnumerable<T> FindAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default,
        params (string Field, string Value)[] equal
    )
    {
        await EnsureIndexesAsync(cancellation);
        var query = Where.And(equal.Select(Condition).Prepend(Where.Empty));
        var after = "";

        // Pages, so that who stops at the first match has not paid for all, and no cursor times out while one is worked on.
        for (var size = SmallPage; ; size = LargePage)
        {
            var page = await _collection
                .Find(query & Where.Gt("_id", after))
                .Sort(Builders<BsonDocument>.Sort.Ascending("_id"))
                .Limit(size)
                .ToListAsync(cancellation);
            foreach (var found in page)
            {
                yield return FromBson(found);
                after = found["_id"].AsString;
            }
            if (page.Count < size)
                yield break;
        }
    }

    public async Task<bool> DeleteAsync(string id, CancellationToken cancellation = default)
    {
        var deleted = await _collection.DeleteOneAsync(Where.Eq("_id", id), cancellation);
        return deleted.DeletedCount == 1;
    }

    private static FilterDefinition<BsonDocument> Condition((string Field, string Value) equal) =>
        T.Indexes.Contains(equal.Field)
            ? Where.Eq($"fields.{equal.Field}", equal.Value)
            : throw new ArgumentException($"{T.Collection} has no index over '{equal.Field}'.", nameof(equal));

    /// <summary>Creating an index that is there changes nothing, so every process may do it.</summary>
    private async Task EnsureIndexesAsync(CancellationToken cancellation)
    {
        if (_indexed)
            return;
        foreach (var field in T.Indexes)
            await _collection.Indexes.CreateOneAsync(
                new CreateIndexModel<BsonDocument>(
                    Builders<BsonDocument>.IndexKeys.Ascending($"fields.{field}").Ascending("_id"),
                    new CreateIndexOptions { Name = $"{T.Collection}_{field}" }
                ),
                cancellationToken: cancellation
            );
        _indexed = true;
    }

    /// <summary>The connection broke before the answer: the write may have been made or not.</summary>
    private static bool MayHaveBeenWritten(MongoException exception) =>
        exception is MongoConnectionException or MongoNotPrimaryException or MongoNodeIsRecoveringException;

    /// <summary>
    /// Whether what is stored now is just this: two writers never write equal documents of one version, since each claim
    /// names its worker and fence.
    /// </summary>
    private async Task<bool> HoldsAsync(BsonDocument document, CancellationToken cancellation) =>
        await _collection.Find(Where.Eq("_id", document["_id"])).FirstOrDefaultAsync(cancellation) is { } stored
        && stored == document;

    private static BsonDocument ToBson(T document)
    {
        var body = JsonSerializer.SerializeToNode(document, WireFormat.Options)!.AsObject();
        var fields = new BsonDocument();
        foreach (var field in T.Indexes)
            if (body[field] is JsonValue value)
                fields.Add(field, value.GetValue<string>());
        return new BsonDocument
        {
            { "_id", document.Id },
            { "layout", Layout },
            { "version", document.Version },
            { "fields", fields },
            { "body", body.ToJsonString(WireFormat.Options) },
        };
    }

    private static T FromBson(BsonDocument stored)
    {
        if (stored["layout"].ToInt32() is var layout and > Layout)
            throw new InvalidDataException(
                $"{T.Collection} {stored["_id"]} was written by a newer version of this program (layout {layout}; this one knows {Layout})."
            );
        return JsonSerializer.Deserialize<T>(stored["body"].AsString, WireFormat.Options)
            ?? throw new InvalidDataException($"{T.Collection} {stored["_id"]} is empty.");
    }
}
