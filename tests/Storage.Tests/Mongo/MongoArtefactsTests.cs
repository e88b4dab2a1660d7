using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Mongo;
using TransferPipeline.Storage.Tests.Artefacts;
using TransferPipeline.TestKit;

namespace TransferPipeline.Storage.Tests.Mongo;

public sealed class When_artefacts_are_kept_in_mongodb : ArtefactsCompliance, IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly MongoDatabaseOfTest _database = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private int _machines;

    /// <summary>Each on a machine of its own, with its own copies.</summary>
    protected override IArtefacts Open() =>
        new MongoArtefacts(_database.Open(), _folder[$"copies-{_machines++}"], _time);

    protected override void Damage(ArtefactRef artefact)
    {
        Chunks().UpdateMany(new BsonDocument(), new BsonDocument("$set", new BsonDocument("data", "?bc"u8.ToArray())));
        DeleteCopies(artefact);
    }

    [Fact]
    public async Task A_damaged_copy_is_fetched_again()
    {
        var artefacts = Open();
        var artefact = await Store("abc");
        var path = await artefacts.GetFileAsync(artefact);
        DeleteCopies(artefact);

        Assert.Equal(path, await artefacts.GetFileAsync(artefact));
        Assert.Equal("abc", await File.ReadAllTextAsync(path, Cancellation));
    }

    [Fact]
    public async Task It_can_be_read_at_any_time_while_it_is_stored_again()
    {
        const int Times = 60;
        var artefact = await Store("abc");
        var (reader, writer) = (Open(), Open());
        var storing = Task.Run(
            async () =>
            {
                for (var time = 0; time < Times; time++)
                    await writer.StoreAsync(
                        (to, stop) => to.WriteAsync("abc"u8.ToArray(), stop).AsTask(),
                        Cancellation
                    );
            },
            Cancellation
        );

        while (!storing.IsCompleted)
            Assert.True(await reader.VerifyAsync(artefact, Cancellation));
        await storing;
    }

    /// <summary>MongoDB's messages hold 48 MB.</summary>
    [Fact]
    public async Task One_that_fits_into_no_message_is_read_chunk_by_chunk()
    {
        var bytes = new byte[(60 << 20) + 1];
        new Random(1).NextBytes(bytes);
        var artefact = await Open().StoreAsync((to, stop) => to.WriteAsync(bytes, stop).AsTask(), Cancellation);

        var read = await File.ReadAllBytesAsync(await Open().GetFileAsync(artefact), Cancellation);

        Assert.True(bytes.AsSpan().SequenceEqual(read));
    }

    [Fact]
    public async Task Several_entries_of_one_name_are_listed_once_and_deleted_together()
    {
        var artefact = await Store("abc");
        var entry = await Entries().Find(new BsonDocument()).SingleAsync(Cancellation);
        await Entries().InsertOneAsync(Renumbered(entry), cancellationToken: Cancellation);

        Assert.Single(await List());
        Assert.True(await Open().DeleteAsync(artefact));
        Assert.Equal(0, await Entries().CountDocumentsAsync(new BsonDocument(), cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Chunks_of_an_upload_that_broke_off_are_cleared_away_after_a_day()
    {
        await Store("abc");
        var chunk = await Chunks().Find(new BsonDocument()).SingleAsync(Cancellation);
        chunk["files_id"] = ObjectId.GenerateNewId();
        await Chunks().InsertOneAsync(Renumbered(chunk), cancellationToken: Cancellation);

        await List();
        Assert.Equal(2, await Chunks().CountDocumentsAsync(new BsonDocument(), cancellationToken: Cancellation));

        _time.Advance(TimeSpan.FromDays(2));
        Assert.Single(await List());
        Assert.Equal(1, await Chunks().CountDocumentsAsync(new BsonDocument(), cancellationToken: Cancellation));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private void DeleteCopies(ArtefactRef artefact)
    {
        var name = ContentHash.Digits(artefact.Hash);
        foreach (var copy in Directory.EnumerateFiles(_folder.Path, name, SearchOption.AllDirectories))
            File.Delete(copy);
    }

    private static BsonDocument Renumbered(BsonDocument document) =>
        new(document) { ["_id"] = ObjectId.GenerateNewId() };

    private IMongoCollection<BsonDocument> Chunks() => Collection("artefacts.chunks");

    private IMongoCollection<BsonDocument> Entries() => Collection("artefacts.files");

    private IMongoCollection<BsonDocument> Collection(string name) =>
        _database.Open().Database.GetCollection<BsonDocument>(name);
}
