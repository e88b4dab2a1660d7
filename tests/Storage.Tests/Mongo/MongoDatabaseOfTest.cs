using MongoDB.Driver;
using TransferPipeline.Storage.Mongo;
using TransferPipeline.TestKit;

namespace TransferPipeline.Storage.Tests.Mongo;

/// <summary>A database of one test, dropped at its end; each store is a connection of its own.</summary>
internal sealed class MongoDatabaseOfTest : IDisposable
{
    private readonly List<MongoStore> _opened = [];
    private string? _address;

    private string Address => _address ??= MongoServer.RequireDatabase();

    public MongoStore Open()
    {
        var store = new MongoStore(Address);
        _opened.Add(store);
        return store;
    }

    public CuttingProxy Proxy()
    {
        var server = MongoUrl.Create(Address).Server;
        return new(server.Host, server.Port);
    }

    public MongoStore OpenThrough(CuttingProxy proxy) =>
        new(new MongoUrlBuilder(Address) { Server = new("127.0.0.1", proxy.Port) }.ToString());

    public void Dispose()
    {
        if (_opened.FirstOrDefault() is { } store)
            store.Database.Client.DropDatabase(store.Database.DatabaseNamespace.DatabaseName);
        foreach (var opened in _opened)
            opened.Dispose();
    }
}
