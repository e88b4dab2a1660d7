using System.Globalization;
using Spectre.Console;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Desks;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;
using TransferPipeline.Training.Importing;

namespace TransferPipeline.Standalone.Hub;

/// <summary>Fetches a model from a hub and imports it as a folder that was there already.</summary>
/// <param name="downloads">What has arrived lies below it until the model is stored.</param>
/// <param name="mostBytes">Of all files together.</param>
/// <param name="freeBytes">Bytes that the disk of a folder has left; null: asked of the system.</param>
internal sealed class ModelPull(
    HubAddress hub,
    HubPatience patience,
    string downloads,
    long mostBytes,
    Terminal terminal,
    TimeProvider time,
    Func<string, long>? freeBytes = null
)
{
    // They lie twice on the disk for a while: as they came, and as they are stored.
    private const int Copies = 2;

    private readonly Func<string, long> _freeBytes = freeBytes ?? (folder => new DriveInfo(folder).AvailableFreeSpace);

    /// <summary>The model as it is stored; its card names the hub and the commit.</summary>
    /// <param name="name">Null: the last part of its name there.</param>
    public async Task<ModelDocument> PullAsync(
        IStudyDesk desk,
        HubName model,
        string? name,
        CancellationToken cancellation
    )
    {
        using var client = new HubClient(hub, patience, time);
        var listing = await client.ListAsync(model, cancellation);
        var files = HubChoice.Of(model, listing);
        var all = files.Sum(file => (double)file.Size);
        if (all > mostBytes)
            throw new BadInputException(
                $"{hub.Root}{model.Name}: its files have {Size(all)}; expected at most {Size(mostBytes)}, or a larger --max-gigabytes"
            );

        var folder = Path.Combine(
            downloads,
            $"{model.Name.Replace("/", "--", StringComparison.Ordinal)}@{listing.Commit}"
        );
        try
        {
            Directory.CreateDirectory(folder);
            var download = new HubDownload(client, hub, model, listing.Commit, folder);
            CheckSpace(model, folder, (Copies * all) - files.Sum(file => (double)download.Here(file)));
            await FetchAsync(download, [.. files.Where(file => !HubChoice.IsWeights(file))], cancellation);
            CheckBeforeWeights(folder);
            await FetchAsync(download, [.. files.Where(HubChoice.IsWeights)], cancellation);
            var source = $"{hub.Root}{model.Name}@{listing.Commit}";
            var stored = await ImportAsync(desk, folder, name ?? model.Last, source, cancellation);
            Directory.Delete(folder, recursive: true);
            return stored;
        }
        catch (Exception wrong) when (wrong is UnauthorizedAccessException or IOException and not HttpIOException)
        {
            throw new BadInputException($"{folder}: {wrong.Message}");
        }
    }

    private void CheckSpace(HubName model, string folder, double needed)
    {
        var free = _freeBytes(folder);
        if (needed > free)
            throw new BadInputException(
                $"{folder}: its disk has {Size(free)} left; expected {Size(needed)} to fetch and store {model.Name}"
            );
    }

    /// <summary>Bars on a terminal, a line per file elsewhere.</summary>
    private async Task FetchAsync(HubDownload download, IReadOnlyList<HubFile> files, CancellationToken cancellation)
    {
        if (terminal.Interactive)
        {
            await DrawAsync(download, files, cancellation);
            return;
        }
        foreach (var file in files)
        {
            var here = download.Here(file);
            terminal.Say(
                $"{file.Name}: {Size(file.Size)}{(here > 0 ? $", of which {Size(here)} are here already" : "")}"
            );
            await download.FetchAsync(file, _ => { }, cancellation);
        }
    }

    private Task DrawAsync(HubDownload download, IReadOnlyList<HubFile> files, CancellationToken cancellation) =>
        terminal
            .Output.Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn()
            )
            .StartAsync(async drawing =>
            {
                foreach (var file in files)
                {
                    var bar = drawing.AddTask(Markup.Escape(Visible.In(file.Name)), maxValue: Math.Max(1, file.Size));
                    bar.Value = download.Here(file);
                    await download.FetchAsync(file, at => bar.Value = at, cancellation);
                    bar.Value = bar.MaxValue;
                }
            });

    /// <summary>Refuses what no weights could make good, and takes it away.</summary>
    private static void CheckBeforeWeights(string folder)
    {
        try
        {
            ModelImporter.CheckBeforeWeights(folder);
        }
        catch (BadInputException)
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static async Task<ModelDocument> ImportAsync(
        IStudyDesk desk,
        string folder,
        string name,
        string source,
        CancellationToken cancellation
    )
    {
        try
        {
            return await desk.ImportModelAsync(folder, name, source, cancellation);
        }
        catch (BadInputException refused)
        {
            throw new BadInputException([.. refused.Problems, $"What was fetched is kept in {folder}."]);
        }
    }

    private static string Size(double bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{(bytes < 1e6 ? bytes / 1e3 : bytes / 1e6):0.0} ")
        + (bytes < 1e6 ? "kB" : "MB");
}
