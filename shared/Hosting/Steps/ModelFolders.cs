using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Models as folders on disk and as artefacts.</summary>
public static class ModelFolders
{
    /// <summary>Stores every file of a folder, and the card; the id covers names and contents of the files.</summary>
    public static Task<ModelRef> StoreAsync(
        string folder,
        ModelCard card,
        IArtefacts artefacts,
        CancellationToken cancellation = default
    ) =>
        StoreAsync(
            Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .ToDictionary(path => Path.GetRelativePath(folder, path).Replace('\\', '/')),
            card,
            artefacts,
            cancellation
        );

    /// <summary>Stores files under their names in the model, and the card.</summary>
    public static async Task<ModelRef> StoreAsync(
        IReadOnlyDictionary<string, string> paths,
        ModelCard card,
        IArtefacts artefacts,
        CancellationToken cancellation = default
    )
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, path) in paths)
        {
            await using var file = File.OpenRead(path);
            files[name] = (await artefacts.StoreAsync((to, stop) => file.CopyToAsync(to, stop), cancellation)).Hash;
        }

        var cardRef = await artefacts.StoreAsync(
            (to, stop) => JsonSerializer.SerializeAsync(to, card, WireFormat.Options, stop),
            cancellation
        );
        var id = ContentHash.Of(WireFormat.Canonical(JsonSerializer.SerializeToNode(files, WireFormat.Options)));
        return new ModelRef(id, files, cardRef, card.Provenance());
    }

    /// <summary>Links a model's files into a new folder below <paramref name="scratch"/>; returns the folder.</summary>
    public static async Task<string> MaterialiseAsync(
        ModelRef model,
        IArtefacts artefacts,
        string scratch,
        CancellationToken cancellation = default
    )
    {
        var folder = Path.Combine(scratch, "model-" + ContentHash.Digits(model.Id)[..16]);
        foreach (var (name, hash) in model.Files)
        {
            var target = Path.Combine(folder, name);
            if (File.Exists(target))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.CreateSymbolicLink(target, await artefacts.GetFileAsync(new ArtefactRef(hash), cancellation));
        }
        return folder;
    }
}
