using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Desks;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Hub;

/// <summary>Fetches a model from a hub and imports it as a folder that was there already.</summary>
/// <param name="downloads">What has arrived lies below it until the model is stored.</param>
/// <param name="mostBytes">Of all files together.</param>
internal sealed class ModelPull(
    HubAddress hub,
    HubPatience patience,
    string downloads,
    long mostBytes,
    Terminal terminal,
    TimeProvider time
)
{
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
        if (files.Sum(file => file.Size) > mostBytes)
            throw new BadInputException(
                $"{hub.Root}{model.Name}: its files have {Size(files.Sum(file => file.Size))}; expected at most {Size(mostBytes)}, or a larger --max-gigabytes"
            );

        var folder = Path.Combine(
            downloads,
            $"{model.Name.Replace("/", "--", StringComparison.Ordinal)}@{listing.Commit}"
        );
        Directory.CreateDirectory(folder);
        var download = new HubDownload(client, hub, model, listing.Commit, folder);
        foreach (var file in files)
        {
            var here = download.Here(file);
            terminal.Say(
                $"{file.Name}: {Size(file.Size)}{(here > 0 ? $", of which {Size(here)} are here already" : "")}"
            );
            await download.FetchAsync(file, cancellation);
        }

        var stored = await ImportAsync(desk, folder, name ?? model.Last, listing.Commit, model, cancellation);
        Directory.Delete(folder, recursive: true);
        return stored;
    }

    private async Task<ModelDocument> ImportAsync(
        IStudyDesk desk,
        string folder,
        string name,
        string commit,
        HubName model,
        CancellationToken cancellation
    )
    {
        try
        {
            return await desk.ImportModelAsync(folder, name, $"{hub.Root}{model.Name}@{commit}", cancellation);
        }
        catch (BadInputException)
        {
            // The same files would be refused again.
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static string Size(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{(bytes < 1e6 ? bytes / 1e3 : bytes / 1e6):0.0} ")
        + (bytes < 1e6 ? "kB" : "MB");
}
