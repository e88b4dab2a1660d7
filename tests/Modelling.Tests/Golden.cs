using System.Text.Json;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests;

/// <summary>A folder of golden numbers.</summary>
internal sealed class Golden(string folder)
{
    private readonly Dictionary<string, StoredTensor> _tensors = SafetensorsFile
        .Open(Path.Combine(folder, "golden.safetensors"))
        .ToDictionary(tensor => tensor.Name);

    /// <summary>Golden models are read on the device that this names, the processor where it is not set.</summary>
    private const string DeviceVariable = "TRANSFER_TEST_DEVICE";

    public static ModelSettings Evaluation { get; } =
        new() { Placement = new(Environment.GetEnvironmentVariable(DeviceVariable) ?? "cpu") };

    public static TheoryData<string> Folders(params string[] kinds) => new(kinds.SelectMany(GoldenFolders.Of));

    /// <summary>The folders of a head upon each architecture that has it.</summary>
    public static TheoryData<string> Heads(string head) =>
        Folders([.. new[] { "bert", "distilbert", "roberta", "gpt2" }.Select(model => $"{model}-{head}")]);

    public Tensor this[string name] => _tensors[name].Read().to(device(Evaluation.Placement.Device));

    public IEnumerable<string> Names(string start) =>
        _tensors.Keys.Where(name => name.StartsWith(start, StringComparison.Ordinal));

    public JsonElement Json { get; } =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json"))).RootElement;

    public TokenBatch Batch(int number)
    {
        var present = this[$"batch{number}.attention_mask"].to(ScalarType.Bool);
        var types = $"batch{number}.token_type_ids";
        return new(this[$"batch{number}.input_ids"], present, _tensors.ContainsKey(types) ? this[types] : null);
    }

    /// <summary>The largest difference of two tensors; of (B, T, …) where <paramref name="present"/> alone.</summary>
    public static double Distance(Tensor a, Tensor b, Tensor? present = null)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(a.shape, b.shape);
        var difference = a.cpu().to(ScalarType.Float64).sub(b.cpu().to(ScalarType.Float64)).abs();
        if (present is not null)
            difference = difference.mul(
                present.cpu().view([.. present.shape, .. Enumerable.Repeat(1L, (int)(a.dim() - 2))])
            );
        return difference.max().item<double>();
    }
}
