using MongoDB.Driver;

namespace TransferPipeline.Storage.Mongo;

/// <summary>One database of a MongoDB deployment, with what every connection of this program asks of it.</summary>
public sealed class MongoStore : IDisposable
{
    private const string DefaultDatabase = "transfer";

    private readonly MongoClient _client;

    /// <param name="connection">A <c>mongodb://</c> address; its path names the database.</param>
    /// <exception cref="MongoConfigurationException">The address is malformed.</exception>
    public MongoStore(string connection)
    {
        var url = MongoUrl.Create(connection);
        var settings = MongoClientSettings.FromUrl(url);

        // An answered write outlives any one server; a read sees what compare-and-set will compare with.
        settings.WriteConcern = WriteConcern.WMajority.With(journal: true);
        settings.ReadPreference = ReadPreference.Primary;
        settings.RetryWrites = true;
        settings.RetryReads = true;
        _client = new MongoClient(settings);
        Database = _client.GetDatabase(url.DatabaseName ?? DefaultDatabase);
    }

    internal IMongoDatabase Database { get; }

    public void Dispose() => _client.Dispose();
}
