using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using TransferPipeline.Contracts;

namespace TransferPipeline.Storage.Artefacts;

/// <summary>Artefacts as read-only files of a folder, named by their hash.</summary>
public sealed class FileArtefacts : IArtefacts
{
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromHours(1);

    // Two changes within one tick of the file system's clock give the same time stamp.
    private static readonly TimeSpan ClockTick = TimeSpan.FromSeconds(1);

    private readonly string _root;
    private readonly string _incoming;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, (DateTime Written, long Bytes)> _verified = new();

    public FileArtefacts(string root, TimeProvider time)
    {
        _root = root;
        _time = time;
        _incoming = Path.Combine(root, "incoming");
        Directory.CreateDirectory(_incoming);
        RemoveLeftovers();
    }

    public async Task<ArtefactRef> StoreAsync(
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellation = default
    )
    {
        var aside = Path.Combine(_incoming, Guid.NewGuid().ToString("N"));
        try
        {
            ArtefactRef artefact;
            // FileShare.None locks the file, which tells a living writer's file from a leftover.
            await using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            await using (var hashing = new HashingStream(file))
            {
                await write(hashing, cancellation);
                FaultPoints.Reach(FaultPoints.DuringUpload);
                artefact = new(hashing.Finish());
                file.Flush(flushToDisk: true);
            }
            cancellation.ThrowIfCancellationRequested();
            Publish(aside, artefact);
            return artefact;
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    public async Task<bool> VerifyAsync(ArtefactRef artefact, CancellationToken cancellation = default) =>
        await FindFaultAsync(artefact, cancellation) is null;

    public async Task<string> GetFileAsync(ArtefactRef artefact, CancellationToken cancellation = default)
    {
        var file = new FileInfo(PathOf(artefact));
        if (_verified.TryGetValue(artefact.Hash, out var known) && file.Exists && Stamp(file) == known)
            return file.FullName;
        if (await FindFaultAsync(artefact, cancellation) is { } fault)
            throw new MissingArtefactException(artefact, fault);
        return file.FullName;
    }

    public async IAsyncEnumerable<StoredArtefact> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        foreach (var folder in Directory.EnumerateDirectories(_root).Where(folder => folder != _incoming))
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            {
                cancellation.ThrowIfCancellationRequested();
                if (ContentHash.Prefix + file.Name is var hash && ContentHash.IsOne(hash))
                    yield return new(new(hash), file.Length, file.LastWriteTimeUtc);
            }
            await Task.Yield();
        }
    }

    public Task<bool> DeleteAsync(ArtefactRef artefact, CancellationToken cancellation = default)
    {
        var path = PathOf(artefact);
        _verified.TryRemove(artefact.Hash, out _);
        if (!File.Exists(path))
            return Task.FromResult(false);
        File.Delete(path);
        return Task.FromResult(true);
    }

    /// <summary>
    /// An older file of the same name is replaced: a damaged one is mended, and the new time stamp keeps a clean-up from
    /// taking bytes that a step has just stored again.
    /// </summary>
    private void Publish(string aside, ArtefactRef artefact)
    {
        var target = PathOf(artefact);
        var folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            FolderSync.Flush(_root);
        }
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(aside, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(aside, target, overwrite: true);
        FolderSync.Flush(folder);
    }

    private async Task<string?> FindFaultAsync(ArtefactRef artefact, CancellationToken cancellation)
    {
        _verified.TryRemove(artefact.Hash, out _);
        try
        {
            var path = PathOf(artefact);
            var stamp = Stamp(new FileInfo(path));
            await using var file = File.OpenRead(path);
            var found = await ContentHash.OfAsync(file, cancellation);
            if (found != artefact.Hash)
                return $"is damaged: its {stamp.Bytes} bytes have the hash {found}";
            if (_time.GetUtcNow() - stamp.Written > ClockTick)
                _verified[artefact.Hash] = stamp;
            return null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return "is not in the store";
        }
    }

    private static (DateTime Written, long Bytes) Stamp(FileInfo file) => (file.LastWriteTimeUtc, file.Length);

    /// <summary>Where the bytes lie, if they are there; unverified.</summary>
    internal string PathOf(ArtefactRef artefact)
    {
        var digits = ContentHash.Digits(artefact.Hash);
        return Path.Combine(_root, digits[..2], digits);
    }

    /// <summary>Half-written files of processes that died: old ones whose writer no longer holds the lock.</summary>
    private void RemoveLeftovers()
    {
        foreach (var file in new DirectoryInfo(_incoming).EnumerateFiles())
        {
            if (_time.GetUtcNow() - file.LastWriteTimeUtc < LeftoverAge)
                continue;
            try
            {
                using (file.Open(FileMode.Open, FileAccess.Read, FileShare.None))
                    file.Delete();
            }
            catch (IOException)
            {
                // Another process is still writing it, or has removed it.
            }
        }
    }
}
