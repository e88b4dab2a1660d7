using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>The weights in a folder in Hugging Face layout, in one file or in shards, under their present names.</summary>
internal sealed class Checkpoint
{
    public const string FileName = "model.safetensors";
    public const string TorchName = "pytorch_model.bin";
    private const string IndexSuffix = ".index.json";

    /// <summary>What is looked for, in this order, each as one file or by its index.</summary>
    private static readonly (string Name, Func<string, IReadOnlyList<StoredTensor>> Open)[] Forms =
    [
        (FileName, SafetensorsFile.Open),
        (TorchName, TorchFile.Open),
    ];

    private Checkpoint(string path, IEnumerable<StoredTensor> tensors)
    {
        Path = path;
        var byName = new SortedDictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var tensor in tensors.Where(tensor => !IsBuffer(tensor.Name)))
            if (!byName.TryAdd(PresentName(tensor.Name), tensor))
                throw new BadInputException($"{tensor.File}: {tensor.Name} is there under two names.");
        Tensors = byName;
    }

    /// <summary>The file, or the index of the shards.</summary>
    public string Path { get; }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    public static Checkpoint Open(string folder)
    {
        var (name, open) = Forms.FirstOrDefault(form => form.Name == FormIn(folder));
        if (name is null)
            throw new BadInputException($"{folder}: holds neither {FileName} nor {TorchName}, nor an index of either.");
        var whole = System.IO.Path.Combine(folder, name);
        return File.Exists(whole)
            ? new(whole, open(whole))
            : new(whole + IndexSuffix, Shards(folder, whole + IndexSuffix, open));
    }

    /// <summary>The name that one file of what is read would have, whether it is one or shards; null: there is none.</summary>
    public static string? FormIn(string folder) =>
        Forms
            .Select(form => form.Name)
            .FirstOrDefault(name =>
                File.Exists(System.IO.Path.Combine(folder, name))
                || File.Exists(System.IO.Path.Combine(folder, name + IndexSuffix))
            );

    private static List<StoredTensor> Shards(
        string folder,
        string index,
        Func<string, IReadOnlyList<StoredTensor>> open
    )
    {
        Dictionary<string, string> files;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index), new() { AllowDuplicateProperties = false });
            files = json
                .RootElement.GetProperty("weight_map")
                .EnumerateObject()
                .ToDictionary(entry => entry.Name, entry => entry.Value.GetString() ?? "");
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new BadInputException($"{index}: expected an object 'weight_map' of file names: {exception.Message}");
        }

        var problems = new List<string>();
        var tensors = new List<StoredTensor>();
        foreach (var file in files.Values.Distinct().Order(StringComparer.Ordinal))
            if (file.Length == 0 || System.IO.Path.GetFileName(file) != file)
                problems.Add($"{index}: '{file}' is no file name.");
            else if (!File.Exists(System.IO.Path.Combine(folder, file)))
                problems.Add($"{index}: {file} is missing from the folder.");
            else
                tensors.AddRange(open(System.IO.Path.Combine(folder, file)));

        var held = tensors.ToLookup(tensor => tensor.Name, tensor => System.IO.Path.GetFileName(tensor.File));
        if (problems.Count == 0)
        {
            problems.AddRange(
                files
                    .Where(entry => !held[entry.Key].SequenceEqual([entry.Value]))
                    .Select(entry => $"{index}: {entry.Key} should be in {entry.Value} and nowhere else.")
            );
            problems.AddRange(
                held.Where(entry => !files.ContainsKey(entry.Key))
                    .Select(entry => $"{index}: {entry.Key} is in a shard but not in the index.")
            );
        }
        return problems.Count == 0 ? tensors : throw new BadInputException(problems);
    }

    /// <summary>Checkpoints converted from TensorFlow call a norm's weight and bias gamma and beta.</summary>
    private static string PresentName(string name) =>
        name.EndsWith(".gamma", StringComparison.Ordinal) ? name[..^".gamma".Length] + ".weight"
        : name.EndsWith(".beta", StringComparison.Ordinal) ? name[..^".beta".Length] + ".bias"
        : name;

    /// <summary>Numbers from 0 on, and zeros: Transformers saved them up to 4.31.</summary>
    private static bool IsBuffer(string name) =>
        $".{name}".EndsWith(".embeddings.position_ids", StringComparison.Ordinal)
        || $".{name}".EndsWith(".embeddings.token_type_ids", StringComparison.Ordinal);
}
