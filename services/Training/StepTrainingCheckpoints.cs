using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training;

/// <summary>A training's checkpoints, kept with its step; and, where asked for, the model of each for good.</summary>
/// <param name="saveModel">Writes the model into a folder as it now is; null to keep none.</param>
internal sealed class StepTrainingCheckpoints(StepWork work, Action<string>? saveModel) : ITrainingCheckpoints
{
    private const string KeptFile = "kept.json";
    private const string Weights = "model.safetensors";

    private SortedDictionary<string, string> _kept = new(StringComparer.Ordinal);

    /// <summary>Names and artefact hashes; null where none are to be kept.</summary>
    public IReadOnlyDictionary<string, string>? Kept => saveModel is null ? null : _kept;

    public string Scratch => work.Scratch;

    public void Save(long update, string folder)
    {
        if (saveModel is not null)
        {
            Keep(update, saveModel);
            File.WriteAllText(Path.Combine(folder, KeptFile), JsonSerializer.Serialize(_kept, WireFormat.Options));
        }
        work.Checkpoints.Save(update, folder);
    }

    public long? Restore(string folder)
    {
        var update = work.Checkpoints.Restore(folder);
        var kept = Path.Combine(folder, KeptFile);
        if (update is not null && File.Exists(kept))
            _kept = JsonSerializer.Deserialize<SortedDictionary<string, string>>(
                File.ReadAllText(kept),
                WireFormat.Options
            )!;
        return update;
    }

    private void Keep(long update, Action<string> save)
    {
        var folder = Directory.CreateDirectory(Path.Combine(work.Scratch, $"update-{update}")).FullName;
        save(folder);
        using var weights = File.OpenRead(Path.Combine(folder, Weights));
        var stored = work.Artefacts.StoreAsync((to, stop) => weights.CopyToAsync(to, stop)).GetAwaiter().GetResult();
        _kept[$"update-{update}/{Weights}"] = stored.Hash;
        Directory.Delete(folder, recursive: true);
    }
}
