using TorchSharp.Modules;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>Fills a model's weights from a checkpoint, or anew; what does not fit is reported in one message.</summary>
internal static class WeightLoading
{
    /// <summary>Starts of the names of other heads, and of decoders that are tied to the word embeddings.</summary>
    private static readonly string[] OtherHeads =
    [
        "classifier.",
        "pre_classifier.",
        "score.",
        "qa_outputs.",
        "cls.",
        "vocab_",
        "vocab_projector.weight",
        "lm_head.",
        "lm_head.decoder.",
    ];

    /// <summary>The same after the encoder's prefix: its pooler, and a buffer that old versions saved.</summary>
    private static readonly string[] BesideEncoder = ["pooler.", "embeddings.position_ids"];

    /// <summary>Ends of the names of GPT-2's causal mask, a buffer that old versions saved.</summary>
    private static readonly string[] CausalMask = [".attn.bias", ".attn.masked_bias"];

    /// <summary>The model once <paramref name="load"/> has filled it; disposed where that fails.</summary>
    public static TModel Opened<TModel>(TModel model, Action<TModel> load)
        where TModel : Module
    {
        try
        {
            load(model);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <param name="model">The encoder, or a head with its encoder.</param>
    /// <param name="groups">Starts of checkpoint names: weights that start new where the whole group is missing.</param>
    /// <param name="anew">Groups that start new in any case.</param>
    /// <returns>The checkpoint's names of the weights that started new.</returns>
    public static IReadOnlyList<string> Load(
        Module model,
        WeightNames names,
        Encoder encoder,
        string folder,
        IReadOnlyList<string> groups,
        IReadOnlyList<string> anew,
        ModelSettings settings
    )
    {
        if (settings.FromScratch)
            return DrawAll(model, names, encoder, settings);

        var checkpoint = Checkpoint.Open(folder);
        var stored = WithPrefix(checkpoint.Tensors, encoder.Prefix);
        bool Holds(string group) => stored.Keys.Any(name => name.StartsWith(group, StringComparison.Ordinal));
        var blocks = settings.NewTopBlocks > 0 ? ParameterDepth.Blocks(model) : 0;
        var startsNew = groups.Where(group => anew.Contains(group) || !Holds(group)).ToList();

        var problems = new List<string>();
        var found = new List<(Parameter Parameter, StoredTensor Stored)>();
        var missing = new List<(string Name, Parameter Parameter)>();
        var wanted = new HashSet<string>();
        foreach (var (here, parameter) in model.named_parameters())
        {
            var name = names.InCheckpoint(here);
            wanted.Add(name);
            if (startsNew.Any(group => name.StartsWith(group, StringComparison.Ordinal)) || IsNewBlock(here))
                missing.Add((name, parameter));
            else if (!stored.TryGetValue(name, out var tensor))
                problems.Add($"{checkpoint.Path}: {name} {Text(parameter.shape)} is missing.");
            else if (!tensor.Shape.AsSpan().SequenceEqual(parameter.shape))
                problems.Add($"{tensor.File}: {name} is {Text(tensor.Shape)}; expected {Text(parameter.shape)}.");
            else if (!IsFloating(tensor.Type))
                problems.Add($"{tensor.File}: {name} is of type {tensor.Type}; expected floating-point numbers.");
            else
                found.Add((parameter, tensor));
        }
        bool IsNewBlock(string here) =>
            settings.NewTopBlocks > 0
            && ParameterDepth.Of(here, blocks) is var depth
            && depth > blocks - settings.NewTopBlocks
            && depth <= blocks;
        string[] ignored = [.. OtherHeads, .. BesideEncoder.Select(start => encoder.Prefix + start)];
        problems.AddRange(
            stored
                .Where(entry => !wanted.Contains(entry.Key))
                .Where(entry =>
                    !ignored.Except(groups).Any(start => entry.Key.StartsWith(start, StringComparison.Ordinal))
                )
                .Where(entry => !CausalMask.Any(end => entry.Key.EndsWith(end, StringComparison.Ordinal)))
                .Select(entry => $"{entry.Value.File}: {entry.Value.Name} {Text(entry.Value.Shape)} is unexpected.")
        );
        if (problems.Count > 0)
            throw new BadInputException(problems);

        using var noGradient = no_grad();
        foreach (var (parameter, tensor) in found)
        {
            using var values = tensor.Read();
            parameter.copy_(values);
        }
        foreach (var (name, parameter) in missing)
            NewWeights.Draw(name, parameter, encoder.Head, settings.Seed);
        settings.Placement.Put(model);
        return [.. missing.Select(entry => entry.Name)];
    }

    /// <summary>Draws every weight; returns the checkpoint's names of all.</summary>
    public static IReadOnlyList<string> DrawAll(
        Module model,
        WeightNames names,
        Encoder encoder,
        ModelSettings settings
    )
    {
        using var noGradient = no_grad();
        var drawn = new List<string>();
        foreach (var (here, parameter) in model.named_parameters())
        {
            drawn.Add(names.InCheckpoint(here));
            NewWeights.Draw(drawn[^1], parameter, encoder.Head, settings.Seed);
        }
        settings.Placement.Put(model);
        return drawn;
    }

    /// <summary>Writes a model's weights under the checkpoint's names.</summary>
    public static void Save(Module model, WeightNames names, string folder) =>
        SafetensorsFile.Write(
            Path.Combine(folder, Checkpoint.FileName),
            model.named_parameters().Select(entry => (names.InCheckpoint(entry.name), (Tensor)entry.parameter))
        );

    /// <summary>A checkpoint of an encoder alone leaves its architecture's prefix out.</summary>
    internal static IReadOnlyDictionary<string, StoredTensor> WithPrefix(
        IReadOnlyDictionary<string, StoredTensor> tensors,
        string prefix
    ) =>
        tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal))
            ? tensors
            : tensors.ToDictionary(entry => prefix + entry.Key, entry => entry.Value);

    private static bool IsFloating(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    private static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";
}
