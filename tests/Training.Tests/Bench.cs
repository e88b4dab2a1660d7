using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;
using TransferPipeline.Training.Cleaning;
using TransferPipeline.Training.Distilling;
using TransferPipeline.Training.FineTuning;
using TransferPipeline.Training.Pretraining;

namespace TransferPipeline.Training.Tests;

/// <summary>A store of artefacts, review sentences, and a very small BERT to train on them.</summary>
internal sealed class Bench : IDisposable
{
    private static readonly string Samples = System.IO.Path.Combine(GoldenFolders.RepositoryRoot, "samples");

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;
    private int _works;

    /// <param name="threads">Of one training; so small a model gains nothing from more than one.</param>
    public Bench(int threads = 1)
    {
        Artefacts = new FileArtefacts(_folder["artefacts"], TimeProvider.System);
        _services = new ServiceCollection()
            .AddEmbeddedStorage(_folder["kept"])
            .AddSingleton<KeptFiles>()
            .BuildServiceProvider();
        Kept = _services.GetRequiredService<KeptFiles>();
        var options = Options.Create(new TrainingOptions { Threads = threads });
        FineTuning = new FineTuningHandler(
            [
                new AllWeights(),
                new FrozenFeatures(options),
                new Prompted(),
                new Contrastive(options),
                new SelfTraining(options),
                new UncertaintyAware(options),
                new ConsistencyTraining(options),
            ],
            options,
            Kept
        );
        Cleaning = new CleaningHandler(options);
        Distilling = new DistillationHandler([new MaskedDistillation(), new ClassifierDistillation()], options);
        Pretraining = new PretrainingHandler(
            [new MaskedObjective(), new MaskedAndNextObjective(), new CausalObjective()],
            options
        );
    }

    /// <summary>Where vectors of texts are kept between steps.</summary>
    public KeptFiles Kept { get; }

    /// <summary>How many files are kept.</summary>
    public int KeptCount() =>
        _services.GetRequiredService<IDocuments<KeptFileDocument>>().FindAsync().ToBlockingEnumerable().Count();

    public IStepHandler Cleaning { get; }

    public IStepHandler Distilling { get; }

    public FileArtefacts Artefacts { get; }

    public IStepHandler FineTuning { get; }

    public IStepHandler Pretraining { get; }

    /// <summary>Review sentences of the samples, the first of each split.</summary>
    public DatasetRef Reviews(
        int train = 48,
        int dev = 24,
        int unlabelled = 0,
        Func<Example, Example>? change = null,
        TaskType task = TaskType.Classification
    )
    {
        var splits = new List<SplitRef> { Split("train", Labelled("train", train)) };
        if (dev > 0)
            splits.Add(Split("dev", Labelled("dev", dev)));
        splits.Add(Split("test", Labelled("test", 16)));
        if (unlabelled > 0)
            splits.Add(
                Split(
                    "unlabelled",
                    File.ReadLines(System.IO.Path.Combine(Samples, "reviews", "unlabelled.txt"))
                        .Take(unlabelled)
                        .Select((line, row) => new Example($"unlabelled-{row}", line))
                )
            );
        var labels = task == TaskType.Regression ? Array.Empty<string>() : ["negative", "positive"];
        return DatasetIdentity.Dataset("reviews", task, labels, splits);

        IEnumerable<Example> Labelled(string split, int rows) =>
            File.ReadLines(System.IO.Path.Combine(Samples, "reviews", split + ".tsv"))
                .Skip(1)
                .Take(rows)
                .Select(line => line.Split('\t'))
                .Select((cells, row) => new Example($"{split}-{row}", cells[1], Label: cells[0]))
                .Select(row => split == "train" && change is not null ? change(row) : row);
    }

    public SplitRef Split(string name, IEnumerable<Example> rows) => Artefacts.StoreSplit(name, rows);

    /// <summary>32 wide, drawn from a seed.</summary>
    public ModelRef SmallBert(long seed = 5, IReadOnlyList<SplitUse>? ancestry = null, int blocks = 1)
    {
        var folder = NewFolder("small-bert");
        var tokenizer = Tokenizers.Open(System.IO.Path.Combine(Samples, "tiny-bert"));
        var config = new BertConfig
        {
            VocabularySize = tokenizer.VocabularySize,
            Width = 32,
            Blocks = blocks,
            Heads = 2,
            FeedForwardWidth = 64,
            MaxTokens = 64,
        };
        using var model = MaskedLanguageModel.Create(config, new ModelSettings { Seed = seed });
        model.Save(folder);
        tokenizer.Save(folder);
        return Store(folder, ancestry);
    }

    /// <summary>A model of the golden folders.</summary>
    public ModelRef Golden(string kind) => Store(GoldenFolders.Of(kind)[0]);

    /// <summary>The texts of a split.</summary>
    public IEnumerable<string> Texts(DatasetRef dataset, string split) =>
        SplitReader.Read(Path(dataset.Find(split)!.Content.Hash)).Select(row => row.Text);

    /// <summary>The rows of a split.</summary>
    public IEnumerable<Example> Rows(DatasetRef dataset, string split) =>
        SplitReader.Read(Path(dataset.Find(split)!.Content.Hash));

    /// <summary>The dataset with other rows in a split.</summary>
    public DatasetRef With(DatasetRef dataset, string split, IReadOnlyList<Example> rows) =>
        DatasetIdentity.Dataset(
            dataset.Name,
            dataset.Task,
            dataset.Labels,
            [.. dataset.Splits.Where(other => other.Name != split), Split(split, rows)]
        );

    /// <summary>The dataset with other labels in dev.</summary>
    public DatasetRef WithDev(DatasetRef dataset, IReadOnlyList<string> labels) =>
        With(dataset, "dev", [.. Rows(dataset, "dev").Zip(labels, (row, label) => row with { Label = label })]);

    /// <summary>Hidden labels of the rows of the split without labels.</summary>
    public ArtefactRef Hidden(DatasetRef dataset, Func<int, string> label) =>
        Artefacts
            .StoreAsync(
                (to, stop) =>
                    HiddenLabel.WriteAsync(
                        to,
                        Rows(dataset, "unlabelled").Select((row, number) => new HiddenLabel(row.Id, label(number))),
                        stop
                    )
            )
            .GetAwaiter()
            .GetResult();

    /// <summary>One block, 32 wide, without weights and vocabulary.</summary>
    public ModelRef Configuration(string architecture)
    {
        var folder = NewFolder(architecture);
        var config = new JsonObject { ["model_type"] = architecture, ["vocab_size"] = 1000 };
        string[] keys = architecture switch
        {
            "gpt2" => ["n_embd", "n_layer", "n_head", "n_inner", "n_positions"],
            "distilbert" => ["dim", "n_layers", "n_heads", "hidden_dim", "max_position_embeddings"],
            _ =>
            [
                "hidden_size",
                "num_hidden_layers",
                "num_attention_heads",
                "intermediate_size",
                "max_position_embeddings",
            ],
        };
        foreach (var (key, value) in keys.Zip([32, 1, 2, 64, 66]))
            config[key] = value;
        if (architecture == "roberta")
            config["type_vocab_size"] = 1;
        File.WriteAllText(System.IO.Path.Combine(folder, "config.json"), config.ToJsonString());
        return Store(folder);
    }

    public ModelRef Store(string folder, IReadOnlyList<SplitUse>? ancestry = null)
    {
        var nothing = new Dictionary<string, string>();
        var scores = new Dictionary<string, double>();
        var card = new ModelCard(
            "small-bert",
            "none",
            null,
            "none",
            0,
            0,
            0,
            0,
            [],
            ancestry ?? [],
            nothing,
            scores,
            []
        );
        return ModelFolders.StoreAsync(folder, card, Artefacts).GetAwaiter().GetResult();
    }

    public StepWork Work(
        StepKind kind,
        object parameters,
        IReadOnlyList<StepInput> inputs,
        IStepCheckpoints? checkpoints = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken stop = default
    )
    {
        var step = new StepDocument
        {
            Id = "run.step",
            Run = "run",
            Name = "tuned",
            Cell = new Dictionary<string, string>(),
            Uses = kind.Uses,
            Parameters = (JsonObject)JsonSerializer.SerializeToNode(parameters, WireFormat.Options)!,
            Inputs = inputs,
            Needs = [],
        };
        return new(
            step,
            Artefacts,
            progress ?? new Reports(),
            checkpoints ?? new RememberedCheckpoints(_folder),
            NewFolder("scratch"),
            stop
        );
    }

    public StepWork Tuning(
        ModelRef model,
        DatasetRef dataset,
        FineTuningSpec spec,
        IStepCheckpoints? checkpoints = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken stop = default
    ) =>
        Work(
            StepKinds.FineTune,
            spec,
            [new("model", Model: model), new("dataset", Dataset: dataset)],
            checkpoints,
            progress,
            stop
        );

    public RememberedCheckpoints Checkpoints() => new(_folder);

    public ModelCard Card(ModelRef model) => Read<ModelCard>(model.Card.Hash);

    public T Read<T>(string artefact) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(Path(artefact)), WireFormat.Options)!;

    /// <summary>The model's files in a new folder.</summary>
    public string Open(ModelRef model) =>
        ModelFolders.MaterialiseAsync(model, Artefacts, NewFolder("opened")).GetAwaiter().GetResult();

    public string Path(string artefact) => Artefacts.GetFileAsync(new ArtefactRef(artefact)).GetAwaiter().GetResult();

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    private string NewFolder(string name) =>
        Directory.CreateDirectory(_folder[$"{Interlocked.Increment(ref _works)}-{name}"]).FullName;
}

/// <summary>Keeps every report.</summary>
internal sealed class Reports : IProgress<StepProgress>
{
    public ConcurrentQueue<StepProgress> All { get; } = new();

    /// <summary>Called with the number of reports so far.</summary>
    public Action<int> AtReport { get; set; } = _ => { };

    public void Report(StepProgress value)
    {
        All.Enqueue(value);
        AtReport(All.Count);
    }
}

/// <summary>Keeps checkpoints in folders.</summary>
internal sealed class RememberedCheckpoints(TemporaryFolder root) : IStepCheckpoints
{
    private readonly string _name = Guid.NewGuid().ToString("N");

    public List<long> Positions { get; } = [];

    public void Save(long position, string folder)
    {
        var kept = Directory.CreateDirectory(root[_name, $"{position}"]).FullName;
        foreach (var file in Directory.EnumerateFiles(folder))
            File.Copy(file, System.IO.Path.Combine(kept, System.IO.Path.GetFileName(file)));
        Positions.Add(position);
    }

    public long? Restore(string folder)
    {
        if (Positions.Count == 0)
            return null;
        foreach (var file in Directory.EnumerateFiles(root[_name, $"{Positions[^1]}"]))
            File.Copy(file, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)));
        return Positions[^1];
    }
}
