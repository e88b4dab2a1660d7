using System.Formats.Tar;
using System.Text;
using Microsoft.Extensions.Logging;
using TransferPipeline.Contracts;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Checkpoints of one claimed step, each one artefact that no other step can share, so that it may be deleted.</summary>
internal sealed class StoredCheckpoints(StepLease lease, IArtefacts artefacts, ILogger log) : IStepCheckpoints
{
    private const string Archive = "checkpoint.tar";
    private const string Owner = ".owner";
    private const int Kept = 2;

    // Neither takes the handler's token: the last checkpoint is written after that has fired.
    public void Save(long position, string folder) => SaveAsync(position, folder).GetAwaiter().GetResult();

    public long? Restore(string folder) => RestoreAsync(folder).GetAwaiter().GetResult();

    /// <summary>Deletes the bytes of checkpoints that the step's document no longer points to.</summary>
    public static async Task DeleteAsync(IEnumerable<StepCheckpoint> dropped, IArtefacts artefacts)
    {
        foreach (var hash in dropped.SelectMany(checkpoint => checkpoint.Files.Values))
        {
            try
            {
                await artefacts.DeleteAsync(new ArtefactRef(hash));
            }
            catch (IOException)
            {
                // Nothing points to it any more: a clean-up finds it.
            }
        }
    }

    private async Task SaveAsync(long position, string folder)
    {
        var stored = await artefacts.StoreAsync((to, _) => PackAsync(folder, to));
        var newest = new StepCheckpoint(position, new Dictionary<string, string> { [Archive] = stored.Hash });

        IReadOnlyList<StepCheckpoint> dropped = [];
        var updated = await lease.UpdateAsync(step =>
        {
            dropped = [.. step.Checkpoints.Skip(Kept - 1)];
            return step with { Checkpoints = [newest, .. step.Checkpoints.Take(Kept - 1)] };
        });
        await DeleteAsync(updated is null ? [newest] : dropped, artefacts);
        if (updated is null)
            throw new OperationCanceledException($"The lease of step {lease.Step} is lost.");
    }

    private async Task<long?> RestoreAsync(string folder)
    {
        foreach (var checkpoint in lease.Current.Checkpoints)
        {
            try
            {
                var archive = await artefacts.GetFileAsync(new ArtefactRef(checkpoint.Files[Archive]));
                Directory.CreateDirectory(folder);
                await TarFile.ExtractToDirectoryAsync(archive, folder, overwriteFiles: false);
                File.Delete(Path.Combine(folder, Owner));
                return checkpoint.Position;
            }
            catch (MissingArtefactException damaged)
            {
                log.LogWarning(damaged, "Step {Step} cannot go on from {Position}", lease.Step, checkpoint.Position);
            }
        }
        return null;
    }

    private async Task PackAsync(string folder, Stream to)
    {
        await using var tar = new TarWriter(to, TarEntryFormat.Pax, leaveOpen: true);
        using var owner = new MemoryStream(Encoding.UTF8.GetBytes($"{lease.Step} {lease.Fence}"));
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, Owner) { DataStream = owner });
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order())
        {
            // By its stream, not by its path: a link would be stored as a link.
            await using var file = File.OpenRead(path);
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = file });
            FaultPoints.Reach(FaultPoints.DuringCheckpoint);
        }
    }
}
