using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Ingestion.Importing;

namespace TransferPipeline.Ingestion.Inbox;

/// <summary>Imports what is dropped into a folder and complete, and moves it to <c>done/</c> or <c>refused/</c>.</summary>
/// <remarks>
/// The import comes before the move: a process that dies between the two finds the drop again, and importing the same
/// content again changes nothing.
/// </remarks>
internal sealed class InboxFolder(
    DatasetImporter importer,
    IOptions<InboxOptions> options,
    TimeProvider time,
    ILogger<InboxFolder> log
)
{
    public const string Done = "done";
    public const string Refused = "refused";
    public const string ReasonEnding = ".reason.txt";

    private readonly Dictionary<string, (string State, long Since)> _seen = [];
    private HashSet<string> _unfinished = [];

    private string Inbox => options.Value.Folder!;

    /// <summary>Looks once and takes what is complete; the names of what was taken.</summary>
    public async Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Inbox);
        var drops = Drop.In(Inbox);
        var complete = drops.Where(IsComplete).ToList();
        _unfinished = [.. drops.Where(drop => drop.IsUnfinished).Select(drop => drop.Name)];
        foreach (var gone in _seen.Keys.Except(drops.Select(drop => drop.Name)).ToList())
            _seen.Remove(gone);

        var taken = new List<string>();
        foreach (var drop in complete)
            if (await TakeAsync(drop, cancellation))
                taken.Add(drop.Name);
        return taken;
    }

    private bool IsComplete(Drop drop)
    {
        if (drop.IsUnfinished)
            return false;
        if (_unfinished.Contains(drop.Name + Drop.Unfinished))
            return true;
        if (!_seen.TryGetValue(drop.Name, out var seen) || seen.State != drop.State)
        {
            _seen[drop.Name] = (drop.State, time.GetTimestamp());
            return false;
        }
        return time.GetElapsedTime(seen.Since) >= options.Value.StillFor;
    }

    private async Task<bool> TakeAsync(Drop drop, CancellationToken cancellation)
    {
        try
        {
            if (drop.Link is { } link)
                throw new BadInputException($"{link}: is a link; expected files and folders");
            var stored = await importer.ImportAsync(
                new ImportRequest { Name = NameOf(drop), Path = drop.Path },
                progress: null,
                cancellation
            );
            Move(drop, Done);
            log.LogInformation("{Drop} is dataset {Dataset} now", drop.Name, stored.Document.Id);
        }
        catch (BadInputException wrong)
        {
            var reason = wrong.Message.Replace(Inbox + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
            await RefuseAsync(drop, reason, cancellation);
            log.LogWarning("{Drop} was refused: {Reason}", drop.Name, reason);
        }
        catch (Exception trouble) when (trouble is not OperationCanceledException)
        {
            // The store, the disk, or somebody who took the file away: it is tried again after a while.
            log.LogWarning(trouble, "{Drop} could not be taken yet", drop.Name);
            _seen[drop.Name] = (drop.State, time.GetTimestamp());
            return false;
        }
        _seen.Remove(drop.Name);
        return true;
    }

    private async Task RefuseAsync(Drop drop, string reason, CancellationToken cancellation)
    {
        // The reason comes first: nothing lies in refused/ without one.
        var target = Free(Refused, drop.Name);
        await File.WriteAllTextAsync(target + ReasonEnding, reason + Environment.NewLine, cancellation);
        Directory.Move(drop.Path, target);
    }

    private void Move(Drop drop, string folder) => Directory.Move(drop.Path, Free(folder, drop.Name));

    /// <summary>A path that is free: <c>reviews.csv</c>, then <c>reviews.2.csv</c>; what came before is kept.</summary>
    private string Free(string folder, string name)
    {
        var parent = Directory.CreateDirectory(Path.Combine(Inbox, folder)).FullName;
        var (stem, ending) = (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name));
        var path = Path.Combine(parent, name);
        for (var number = 2; Path.Exists(path); number++)
            path = Path.Combine(parent, $"{stem}.{number}{ending}");
        return path;
    }

    private static string NameOf(Drop drop) =>
        Directory.Exists(drop.Path) ? drop.Name : Path.GetFileNameWithoutExtension(drop.Name);
}
