using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Prompting;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Training.Importing;

/// <summary>Registers a folder in Hugging Face layout as a model, after opening it as a training would.</summary>
public sealed class ModelImporter(IArtefacts artefacts, IDocuments<ModelDocument> documents, TimeProvider clock)
{
    private const string Pickled = "pytorch_model";

    private static readonly string[] Known =
    [
        "config.json",
        .. Tokenizers.FileNames,
        "model.safetensors",
        "model.safetensors.index.json",
        PromptSettings.FileName,
    ];

    /// <summary>
    /// Stores the files that make the model; a configuration without weights is one to pretrain from nothing. Pickled
    /// weights are stored as safetensors, so that what is stored can hold no code.
    /// </summary>
    /// <param name="name">Null: the folder's name.</param>
    /// <param name="source">Where the folder was fetched from; null where it was not.</param>
    /// <exception cref="BadInputException">What is missing, unexpected or mis-shaped, all at once; nothing was stored.</exception>
    public async Task<ModelDocument> ImportAsync(
        string folder,
        string? name = null,
        string? source = null,
        CancellationToken cancellation = default
    )
    {
        name ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var files = FilesIn(folder)
            .Where(file => !IsPickled(file))
            .ToDictionary(file => Path.GetFileName(file)!, file => file);

        var pickled = PickledWeights.AreIn(folder);
        var hasWeights = pickled || files.Keys.Any(file => file.EndsWith(".safetensors", StringComparison.Ordinal));
        await Task.Run(() => Check(folder, hasWeights), cancellation);

        var scratch = Directory.CreateTempSubdirectory("transfer-import-").FullName;
        try
        {
            if (pickled)
            {
                var converted = Path.Combine(scratch, "model.safetensors");
                await Task.Run(() => PickledWeights.Convert(folder, converted), cancellation);
                files["model.safetensors"] = converted;
            }
            var model = await ModelFolders.StoreAsync(files, Card(name, source, hasWeights), artefacts, cancellation);
            return await RegisterAsync(name, model, cancellation);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>The files of a folder that an import reads.</summary>
    /// <exception cref="BadInputException">The folder is no model's.</exception>
    public static IReadOnlyList<string> FilesIn(string folder)
    {
        if (!Directory.Exists(folder))
            throw new BadInputException($"{folder}: there is no such folder; expected a model in Hugging Face layout");
        var files = Directory
            .EnumerateFiles(folder)
            .Where(file => Known.Contains(Path.GetFileName(file)) || IsShard(Path.GetFileName(file)))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (!files.Any(file => Path.GetFileName(file) == "config.json"))
            throw new BadInputException($"{folder}: there is no config.json; expected a model in Hugging Face layout");
        return PickledWeights.AreIn(folder)
            ? [.. files, .. Directory.EnumerateFiles(folder, Pickled + "*").Order(StringComparer.Ordinal)]
            : files;
    }

    /// <summary>What can be told of a model without its weights: its architecture and its tokenizer.</summary>
    /// <exception cref="BadInputException">Either is missing, wrong or not known.</exception>
    public static void CheckBeforeWeights(string folder)
    {
        FilesIn(folder);
        Encoders.CheckType(folder);
        Tokenizers.Open(folder);
    }

    private static void Check(string folder, bool hasWeights)
    {
        // A configuration alone may have its vocabulary learnt by the pretraining that starts from it.
        if (hasWeights || Tokenizers.FileNames.Any(name => File.Exists(Path.Combine(folder, name))))
            Tokenizers.Open(folder);
        if (hasWeights)
            Encoders.Open(folder, ModelSettings.Evaluation).Dispose();
    }

    private async Task<ModelDocument> RegisterAsync(string name, ModelRef model, CancellationToken cancellation)
    {
        var (document, _) = await documents.RegisterAsync(
            name,
            known => known.ModelId == model.Id,
            (id, number) =>
                new()
                {
                    Id = id,
                    Name = name,
                    Number = number,
                    ModelId = model.Id,
                    Model = model,
                    Stored = clock.GetUtcNow(),
                },
            cancellation
        );
        return document;
    }

    private static ModelCard Card(string name, string? source, bool hasWeights) =>
        new(
            name,
            "none",
            Seed: null,
            SelectedOn: "none",
            LabelsTrain: 0,
            LabelsDev: 0,
            Updates: 0,
            Seconds: 0,
            Labels: [],
            Ancestry: [],
            Environment: new Dictionary<string, string>(),
            Scores: new Dictionary<string, double>(),
            Notes: hasWeights ? [] : ["a configuration without weights"]
        )
        {
            Source = source,
        };

    private static bool IsPickled(string path) => Path.GetFileName(path).StartsWith(Pickled, StringComparison.Ordinal);

    private static bool IsShard(string name) =>
        name.StartsWith("model-", StringComparison.Ordinal) && name.EndsWith(".safetensors", StringComparison.Ordinal);
}
