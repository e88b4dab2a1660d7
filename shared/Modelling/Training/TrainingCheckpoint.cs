using System.Text.Json;
using TorchSharp;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// All that a training needs to go on: weights and their average, moments of the optimiser, the best weights so far, and
/// where it stands.
/// </summary>
/// <param name="average">Null where none is taken.</param>
internal sealed class TrainingCheckpoint(
    nn.Module model,
    AdamW optimiser,
    AveragedWeights? average,
    ITrainingCheckpoints store
) : IDisposable
{
    private const string StateFile = "training.json";
    private const string WeightsFile = "weights.safetensors";
    private const string OptimiserFile = "optimiser.safetensors";
    private const string AverageFile = "average.safetensors";
    private const string BestFile = "best.safetensors";

    private readonly IReadOnlyDictionary<string, Tensor> _weights = model
        .named_parameters()
        .ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
    private readonly IReadOnlyDictionary<string, Tensor> _moments = optimiser.State;
    private Dictionary<string, Tensor>? _best;

    /// <summary>Remembers the present weights as the best so far.</summary>
    public void KeepBest()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        if (_best is null)
            _best = _weights.ToDictionary(
                entry => entry.Key,
                entry => entry.Value.detach().clone().DetachFromDisposeScope()
            );
        else
            Overwrite(_best, _weights);
    }

    /// <summary>Gives the model the best weights; leaves it as it is where none were kept.</summary>
    public void RestoreBest()
    {
        if (_best is not null)
            Overwrite(_weights, _best);
    }

    public void Save(TrainingState state)
    {
        var folder = NewFolder();
        try
        {
            File.WriteAllText(Path.Combine(folder, StateFile), JsonSerializer.Serialize(state, WireFormat.Options));
            Write(Path.Combine(folder, WeightsFile), _weights);
            Write(Path.Combine(folder, OptimiserFile), _moments);
            if (_best is not null)
                Write(Path.Combine(folder, BestFile), _best);
            if (average is not null)
                Write(Path.Combine(folder, AverageFile), average.State);
            using var kept = average?.InPlace(); // a store may keep the model too
            store.Save(state.Update, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Goes on from the newest checkpoint; null where there is none.</summary>
    public TrainingState? Restore()
    {
        var folder = NewFolder();
        try
        {
            if (store.Restore(folder) is null)
                return null;
            Read(Path.Combine(folder, WeightsFile), _weights);
            Read(Path.Combine(folder, OptimiserFile), _moments);
            if (average is not null)
                Read(Path.Combine(folder, AverageFile), average.State);
            if (File.Exists(Path.Combine(folder, BestFile)))
            {
                KeepBest();
                Read(Path.Combine(folder, BestFile), _best!);
            }
            var state = File.ReadAllText(Path.Combine(folder, StateFile));
            return JsonSerializer.Deserialize<TrainingState>(state, WireFormat.Options);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _best?.Values ?? Enumerable.Empty<Tensor>())
            tensor.Dispose();
    }

    private string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(store.Scratch, $"checkpoint-{Guid.NewGuid():N}")).FullName;

    private static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors) =>
        SafetensorsFile.Write(path, tensors.Select(entry => (entry.Key, entry.Value)));

    private static void Read(string path, IReadOnlyDictionary<string, Tensor> into)
    {
        using var scope = NewDisposeScope();
        Overwrite(into, SafetensorsFile.Open(path).ToDictionary(stored => stored.Name, stored => stored.Read()));
    }

    private static void Overwrite(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, Tensor> with)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in tensors)
            tensor.copy_(with[name]);
    }
}
