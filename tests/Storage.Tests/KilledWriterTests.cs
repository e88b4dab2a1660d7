using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.Storage.Tests.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Storage.Tests;

public sealed class When_a_writing_process_is_killed : IDisposable
{
    private const string HomeOfChild = "TRANSFER_TEST_WRITER_HOME";
    private const int Rounds = 3;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Every_acknowledged_write_is_there_and_every_listed_artefact_is_whole()
    {
        var acknowledged = new List<(string Id, string Hash)>();
        for (var round = 0; round < Rounds; round++)
            acknowledged.AddRange(await WriteUntilKilled(lines: 40 + 7 * round));

        await using var services = Storage(_folder["home"]);
        var parcels = services.GetRequiredService<IDocuments<ParcelDocument>>();
        var artefacts = services.GetRequiredService<IArtefacts>();
        foreach (var (id, hash) in acknowledged)
        {
            Assert.NotNull(await parcels.GetAsync(id));
            Assert.True(await artefacts.VerifyAsync(new ArtefactRef(hash)));
        }
        await foreach (var stored in artefacts.ListAsync())
            Assert.True(await artefacts.VerifyAsync(stored.Artefact));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<List<(string Id, string Hash)>> WriteUntilKilled(int lines)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(ParcelDocument).Assembly.GetName().Name!);
        using var child = Process.Start(
            new ProcessStartInfo(program)
            {
                RedirectStandardOutput = true,
                Environment = { [HomeOfChild] = _folder["home"] },
            }
        )!;
        var acknowledged = new List<(string, string)>();
        while (acknowledged.Count < lines && await child.StandardOutput.ReadLineAsync() is { } line)
            acknowledged.Add((line.Split(' ')[0], line.Split(' ')[1]));
        child.Kill();
        await child.WaitForExitAsync();

        Assert.Equal(lines, acknowledged.Count);
        return acknowledged;
    }

    private static ServiceProvider Storage(string home) =>
        new ServiceCollection().AddEmbeddedStorage(home).BuildServiceProvider();

    [ModuleInitializer]
    internal static void WriteWithoutEndWhereAsked()
    {
        if (Environment.GetEnvironmentVariable(HomeOfChild) is { } home)
            WriteWithoutEnd(home);
    }

    // Blocks instead of awaiting: while a module initialises, no other thread may run its code.
    private static void WriteWithoutEnd(string home)
    {
        using var services = Storage(home);
        var parcels = services.GetRequiredService<IDocuments<ParcelDocument>>();
        var artefacts = services.GetRequiredService<IArtefacts>();
        var bytes = new byte[200_000];
        while (true)
        {
            Random.Shared.NextBytes(bytes);
            var artefact = artefacts
                .StoreAsync((to, stop) => to.WriteAsync(bytes, stop).AsTask())
                .GetAwaiter()
                .GetResult();
            var id = Guid.NewGuid().ToString("N");
            parcels.InsertAsync(new ParcelDocument { Id = id }).GetAwaiter().GetResult();
            Console.WriteLine($"{id} {artefact.Hash}");
        }
    }
}
