using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Training;
using TransferPipeline.Training.FineTuning;

namespace TransferPipeline.Training;

/// <summary>A training's checkpoints, kept with its step; and, where asked for, the model of each for good.</summary>
/// <param name="saveModel">Writes the model into a folder as it now is; null to keep none.</param>
/// <param name="round">Which of the step's trainings they are of; null where it is the only one or the first.</param>
internal sealed class StepTrainingCheckpoints(StepWork work, Action<string>? saveModel, RoundCheckpoint? round = null)
    : ITrainingCheckpoints
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
        round?.Write(folder, started: true);
        work.Checkpoints.Save(update + (round?.Position ?? 0), folder);
    }

    public long? Restore(string folder)
    {
        var update = work.Checkpoints.Restore(folder);
        if (round is not null && !round.HasStarted(folder))
            return null;
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
