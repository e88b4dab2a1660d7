using MongoDB.Bson;
using MongoDB.Driver;
using TransferPipeline.Storage.Documents;
using TransferPipeline.Storage.Mongo;
using TransferPipeline.Storage.Tests.Documents;

namespace TransferPipeline.Storage.Tests.Mongo;

public sealed class When_documents_are_kept_in_mongodb : DocumentsCompliance, IDisposable
{
    private readonly MongoDatabaseOfTest _database = new();

    protected override IDocuments<ParcelDocument> Open() => new MongoDocuments<ParcelDocument>(_database.Open());

    [Fact]
    public async Task A_document_of_a_newer_layout_is_refused()
    {
        var parcels = Open();
        await parcels.InsertAsync(Parcel("a"));
        await Parcels()
            .UpdateOneAsync(
                new BsonDocument("_id", "a"),
                new BsonDocument("$set", new BsonDocument("layout", 99)),
                cancellationToken: TestContext.Current.CancellationToken
            );

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => parcels.GetAsync("a"));

        Assert.Contains("layout 99", refusal.Message);
    }

    [Fact]
    public async Task Each_indexed_field_has_an_index_that_also_orders_by_id()
    {
        await Open().InsertAsync(Parcel("a"));

        using var indexes = await Parcels().Indexes.ListAsync(TestContext.Current.CancellationToken);
        var keys = (await indexes.ToListAsync(TestContext.Current.CancellationToken)).ConvertAll(index =>
            string.Join(' ', index["key"].AsBsonDocument.Names)
        );

        Assert.Equal(["_id", "fields.owner _id", "fields.state _id"], keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_field_without_a_value_is_not_stored()
    {
        await Open().InsertAsync(Parcel("a"));

        var stored = await Parcels()
            .Find(new BsonDocument("_id", "a"))
            .SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new BsonDocument("state", "open"), stored["fields"]);
    }

    [Fact]
    public async Task A_replacement_whose_answer_is_lost_is_accepted_once()
    {
        await Open().InsertAsync(Parcel("a"));
        using var proxy = _database.Proxy();
        using var store = _database.OpenThrough(proxy);
        var parcels = new MongoDocuments<ParcelDocument>(store);
        var seen = (await parcels.GetAsync("a"))!;

        proxy.Arm("replaced-once");
        var replaced = await parcels.ReplaceAsync(seen with { Owner = "replaced-once" });

        Assert.Equal((1, 2), (proxy.Cuts, replaced!.Version));
        Assert.Equal(replaced, await Open().GetAsync("a"));
        Assert.Null(await parcels.ReplaceAsync(seen with { Owner = "late" }));
    }

    [Fact]
    public async Task An_insert_whose_answer_is_lost_is_accepted()
    {
        using var proxy = _database.Proxy();
        using var store = _database.OpenThrough(proxy);
        var parcels = new MongoDocuments<ParcelDocument>(store);
        await parcels.InsertAsync(Parcel("first"));

        proxy.Arm("inserted-once");

        Assert.True(await parcels.InsertAsync(Parcel("a") with { Owner = "inserted-once" }));
        Assert.Equal((1, "inserted-once"), (proxy.Cuts, (await Open().GetAsync("a"))!.Owner));
    }

    public void Dispose() => _database.Dispose();

    private IMongoCollection<BsonDocument> Parcels() =>
        _database.Open().Database.GetCollection<BsonDocument>("parcels");
}
