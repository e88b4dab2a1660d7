using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.Storage.Mongo;

namespace TransferPipeline.Storage;

/// <summary>Documents and artefacts in MongoDB, shared by the processes of all machines that reach it.</summary>
public static class MongoStorage
{
    /// <summary>Registers <see cref="IDocuments{T}"/> and <see cref="IArtefacts"/>.</summary>
    /// <param name="connection">A <c>mongodb://</c> address; its path names the database (<c>transfer</c> where it has none).</param>
    /// <param name="copies">A folder of this machine for copies of artefacts.</param>
    public static IServiceCollection AddMongoStorage(this IServiceCollection services, string connection, string copies)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new MongoStore(connection));
        services.AddSingleton(typeof(IDocuments<>), typeof(MongoDocuments<>));
        services.AddSingleton<IArtefacts>(provider => new MongoArtefacts(
            provider.GetRequiredService<MongoStore>(),
            copies,
            provider.GetRequiredService<TimeProvider>()
        ));
        return services;
    }
}
