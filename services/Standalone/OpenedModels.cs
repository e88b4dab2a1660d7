using TransferPipeline.Contracts;

namespace TransferPipeline.Standalone;

/// <summary>The folders that a command reads models in; those written for it are gone when it has ended.</summary>
internal sealed class OpenedModels
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("transfer-").FullName;
    private readonly Dictionary<string, string> _names = [];

    private OpenedModels() { }

    /// <summary>Does what a command does with models; what is wrong with a stored one is told under its name.</summary>
    public static async Task<int> UseAsync(Func<OpenedModels, Task<int>> use)
    {
        var opened = new OpenedModels();
        try
        {
            return await use(opened);
        }
        catch (BadInputException fault)
        {
            throw fault.Naming(opened._names.Select(known => (known.Key, $"model {known.Value}")));
        }
        finally
        {
            Directory.Delete(opened._scratch, recursive: true);
        }
    }

    /// <summary>The folder of that name, or one with the stored model's files.</summary>
    public async Task<string> FolderAsync(EmbeddedPipeline pipeline, string name, CancellationToken cancellation)
    {
        if (Directory.Exists(name))
            return name;
        var folder = await pipeline.OpenModelAsync(name, _scratch, cancellation);
        _names[folder] = name;
        return folder;
    }
}
