using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>
/// A baseline as files: <c>baseline.json</c> (what it is, and the SHA-256 of each other file), <c>weights.safetensors</c>,
/// <c>terms.txt</c> (tf-idf: one term per line, in column order), <c>encoder/…</c> (embeddings: the encoder's files).
/// </summary>
public static class BaselineFolder
{
    /// <summary>The file that tells a baseline from other models.</summary>
    public const string Description = "baseline.json";

    private const string Weights = "weights.safetensors";
    private const string Terms = "terms.txt";

    /// <summary>The folder of the encoder whose embeddings a baseline reads.</summary>
    public const string Encoder = "encoder";
    private const int Format = 1;

    /// <summary>Writes a baseline into a folder; equal baselines give equal bytes.</summary>
    /// <param name="algorithm">Its word in a scenario.</param>
    /// <param name="parameters">What it was fitted with, for the reader; nothing is read from them.</param>
    public static void Save(
        string folder,
        BaselineClassifier classifier,
        string algorithm,
        IReadOnlyDictionary<string, double> parameters
    )
    {
        Directory.CreateDirectory(folder);
        var arrays = BaselineWeights.Of(classifier.Model);
        if (classifier.Features is TfIdf tfIdf)
        {
            File.WriteAllText(Path.Combine(folder, Terms), string.Concat(tfIdf.Terms.Select(term => term + "\n")));
            arrays.Add(NamedArray.Of("rarity", tfIdf.Rarity.ToArray()));
        }
        if (classifier.Features is EmbeddingFeatures embeddings)
            CopyFiles(embeddings.Folder, Path.Combine(folder, Encoder));
        ArrayFile.Write(Path.Combine(folder, Weights), arrays);

        var about = new About(
            Format,
            algorithm,
            FeatureName(classifier.Features),
            [.. classifier.Labels],
            (classifier.Features as EmbeddingFeatures)?.MaxTokens,
            new SortedDictionary<string, double>(parameters.ToDictionary(), StringComparer.Ordinal),
            HashFiles(folder)
        );
        File.WriteAllText(
            Path.Combine(folder, Description),
            JsonSerializer.Serialize(about, WireFormat.Readable) + "\n"
        );
    }

    /// <summary>The encoder among a model's files: of a transformer the folder itself; null for a baseline without one.</summary>
    public static string? FindEncoder(string folder)
    {
        if (!File.Exists(Path.Combine(folder, Description)))
            return folder;
        var encoder = Path.Combine(folder, Encoder);
        return Directory.Exists(encoder) ? encoder : null;
    }

    internal static BaselineClassifier Open(string folder, Func<string, int, IEmbedder> openEncoder)
    {
        var about = ReadDescription(folder);
        CheckFiles(folder, about);
        var arrays = ArrayFile.Open(Path.Combine(folder, Weights));
        ITextFeatures? features = about.Features switch
        {
            "tf-idf" => OpenTerms(folder, arrays),
            "embeddings" => OpenEncoder(folder, about.MaxTokens, openEncoder),
            _ => null,
        };
        try
        {
            var model = BaselineWeights.Read(arrays, about.Algorithm, features?.Width ?? 0, about.Labels.Length);
            return new BaselineClassifier(about.Labels, features, model);
        }
        catch
        {
            features?.Dispose();
            throw;
        }
    }

    private static About ReadDescription(string folder)
    {
        var path = Path.Combine(folder, Description);
        if (!File.Exists(path))
            throw new BadInputException($"{path}: not found; expected the description of a baseline.");
        About about;
        try
        {
            about =
                JsonSerializer.Deserialize<About>(File.ReadAllBytes(path), WireFormat.Options)
                ?? throw new BadInputException($"{path}: expected a JSON object, found null.");
        }
        catch (JsonException failure)
        {
            throw new BadInputException($"{path}: {failure.Message}");
        }

        var expected = about switch
        {
            { Format: not Format } => $"format {Format}, found {about.Format}",
            { Labels: null or [] } => "at least one label",
            { Files: null } => "files and their hashes",
            _ when !BaselineWeights.Algorithms.Contains(about.Algorithm) =>
                $"algorithm {string.Join(" | ", BaselineWeights.Algorithms)}, found '{about.Algorithm}'",
            _ when (about.Features == "none") != (about.Algorithm == "majority")
                    || about.Features is not ("none" or "tf-idf" or "embeddings") =>
                $"features tf-idf | embeddings (majority: none), found '{about.Features}'",
            _ => null,
        };
        return expected is null ? about : throw new BadInputException($"{path}: expected {expected}.");
    }

    private static void CheckFiles(string folder, About about)
    {
        var present = HashFiles(folder);
        string[] needed = about.Features == "tf-idf" ? [Weights, Terms] : [Weights];
        List<string> problems =
        [
            .. about
                .Files.Keys.Union(needed)
                .Except(present.Keys)
                .Select(name => $"{Path.Combine(folder, name)}: missing."),
            .. present.Keys.Except(about.Files.Keys).Select(name => $"{Path.Combine(folder, name)}: unexpected."),
            .. present
                .Where(file => about.Files.TryGetValue(file.Key, out var hash) && hash != file.Value)
                .Select(file =>
                    $"{Path.Combine(folder, file.Key)}: damaged; its SHA-256 is not the one in {Description}."
                ),
        ];
        if (problems.Count > 0)
            throw new BadInputException(problems);
    }

    private static TfIdf OpenTerms(string folder, ArrayFile arrays)
    {
        var path = Path.Combine(folder, Terms);
        var terms = File.ReadAllLines(path);
        if (terms.Length == 0)
            throw new BadInputException($"{path}: empty; expected a term per line.");
        if (terms.Distinct(StringComparer.Ordinal).Count() != terms.Length)
            throw new BadInputException($"{path}: a term stands there twice.");
        return new TfIdf(terms, arrays.Get<double>("rarity", terms.Length));
    }

    private static EmbeddingFeatures OpenEncoder(string folder, int? maxTokens, Func<string, int, IEmbedder> open)
    {
        if (maxTokens is not > 0)
            throw new BadInputException($"{Path.Combine(folder, Description)}: expected maxTokens above 0.");
        var encoder = Path.Combine(folder, Encoder);
        return new EmbeddingFeatures(encoder, maxTokens.Value, open(encoder, maxTokens.Value));
    }

    private static string FeatureName(ITextFeatures? features) =>
        features switch
        {
            null => "none",
            TfIdf => "tf-idf",
            EmbeddingFeatures => "embeddings",
            _ => throw new ArgumentException($"{features.GetType().Name} cannot be saved.", nameof(features)),
        };

    private static void CopyFiles(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }

    private static SortedDictionary<string, string> HashFiles(string folder)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (name == Description)
                continue;
            using var file = File.OpenRead(path);
            hashes[name] = ContentHash.Of(file);
        }
        return hashes;
    }

    private sealed record About(
        int Format,
        string Algorithm,
        string Features,
        string[] Labels,
        int? MaxTokens,
        SortedDictionary<string, double> Parameters,
        SortedDictionary<string, string> Files
    );
}
