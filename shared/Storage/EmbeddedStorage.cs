using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.Storage.Sqlite;

namespace TransferPipeline.Storage;

/// <summary>Documents in SQLite and artefacts in a folder, both below one home.</summary>
public static class EmbeddedStorage
{
    /// <summary>Registers <see cref="IDocuments{T}"/> and <see cref="IArtefacts"/>; creates the home where it is missing.</summary>
    public static IServiceCollection AddEmbeddedStorage(this IServiceCollection services, string home)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ =>
        {
            Directory.CreateDirectory(home);
            return new SqliteDatabase(Path.Combine(home, "transfer.db"));
        });
        services.AddSingleton(typeof(IDocuments<>), typeof(SqliteDocuments<>));
        services.AddSingleton<IArtefacts>(provider => new FileArtefacts(
            Path.Combine(home, "artefacts"),
            provider.GetRequiredService<TimeProvider>()
        ));
        return services;
    }
}
