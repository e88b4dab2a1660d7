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
using TransferPipeline.Synthesis.Synthesizing;
using TransferPipeline.TestKit;

namespace TransferPipeline.Synthesis.Tests;

/// <summary>A store of its own and the handler of <c>synthesize</c>.</summary>
internal sealed class SynthesisBench : IDisposable
{
    private static readonly string[][] Topics =
    [
        ["match", "goal", "coach", "league", "striker", "season", "stadium", "referee"],
        ["shares", "profit", "bank", "market", "investor", "bond", "dividend", "merger"],
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    public SynthesisBench()
    {
        _services = new ServiceCollection()
            .AddEmbeddedStorage(_folder["home"])
            .AddSingleton<KeptFiles>()
            .BuildServiceProvider();
        Artefacts = _services.GetRequiredService<IArtefacts>();
    }

    public IArtefacts Artefacts { get; }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    /// <summary>Two topics with words of their own, so many labelled and unlabelled texts of each.</summary>
    /// <param name="mixed">Labels say nothing of the topic.</param>
    public DatasetRef News(int labelled = 4, int unlabelled = 30, bool mixed = false, int? hiddenShift = 0)
    {
        var random = new SeededRandom(7, "news");
        var train = new List<Example>();
        var rest = new List<Example>();
        var hidden = new List<HiddenLabel>();
        for (var at = 0; at < 2 * (labelled + unlabelled); at++)
        {
            var topic = at % 2;
            var text = string.Join(' ', Enumerable.Range(0, 6).Select(_ => Topics[topic][random.Next(8)])) + $" {at}";
            var label = (mixed ? at / 2 % 2 : topic) == 0 ? "sport" : "money";
            if (at < 2 * labelled)
                train.Add(new($"train-{at}", text, Label: label));
            else
            {
                rest.Add(new($"train-{at}", text));
                hidden.Add(new($"train-{at}", (topic + hiddenShift) % 2 == 0 ? "sport" : "money"));
            }
        }
        ArtefactRef labels = Artefacts
            .StoreAsync((to, stop) => HiddenLabel.WriteAsync(to, hidden, stop))
            .GetAwaiter()
            .GetResult();
        return Dataset(train, rest, labels);
    }

    public DatasetRef Dataset(
        IReadOnlyList<Example> train,
        IReadOnlyList<Example> unlabelled,
        ArtefactRef? hidden = null
    )
    {
        List<SplitRef> splits = [Split("train", train), Split("test", [new("test-0", "a goal", Label: "sport")])];
        if (unlabelled.Count > 0)
            splits.Add(Split("unlabelled", unlabelled));
        return DatasetIdentity.Dataset("news", TaskType.Classification, ["sport", "money"], splits, hidden);
    }

    public SplitRef Split(string name, IEnumerable<Example> rows) => Artefacts.StoreSplit(name, rows);

    /// <summary>A masked language model, 32 wide, drawn from a seed.</summary>
    public ModelRef SmallBert()
    {
        var folder = Directory.CreateDirectory(_folder["small-bert"]).FullName;
        var tokenizer = Tokenizers.Open(System.IO.Path.Combine(GoldenFolders.RepositoryRoot, "samples", "tiny-bert"));
        var config = new BertConfig
        {
            VocabularySize = tokenizer.VocabularySize,
            Width = 32,
            Blocks = 1,
            Heads = 2,
            FeedForwardWidth = 64,
            MaxTokens = 64,
        };
        using var model = MaskedLanguageModel.Create(config, new ModelSettings { Seed = 5 });
        model.Save(folder);
        tokenizer.Save(folder);
        return Store(folder);
    }

    public ModelRef Store(string folder) =>
        ModelFolders
            .StoreAsync(
                folder,
                new(
                    "small-bert",
                    "none",
                    null,
                    "none",
                    0,
                    0,
                    0,
                    0,
                    [],
                    [],
                    new Dictionary<string, string>(),
                    new Dictionary<string, double>(),
                    []
                ),
                Artefacts
            )
            .GetAwaiter()
            .GetResult();

    public StepOutput Synthesize(DatasetRef dataset, SynthesisSpec spec, int threads = 2, ModelRef? model = null)
    {
        var options = Options.Create(new SynthesisOptions { Threads = threads });
        var kept = _services.GetRequiredService<KeptFiles>();
        var handler = new SynthesisHandler(
            [new KMeansLabels(), new LabelSpreading(), new ClusterIds(), new KMeansRecombine(), new KMeansMaskFill()],
            new PoolReader(kept, options)
        );
        List<StepInput> inputs = [new("dataset", Dataset: dataset)];
        if (model is not null)
            inputs.Add(new("model", Model: model));
        return handler.Handle(
            new(
                new StepDocument
                {
                    Id = "r1.enlarged",
                    Run = "r1",
                    Name = "enlarged",
                    Cell = new Dictionary<string, string>(),
                    Uses = "synthesize",
                    Parameters = (JsonObject)JsonSerializer.SerializeToNode(spec, WireFormat.Options)!,
                    Inputs = inputs,
                    Needs = [],
                },
                Artefacts,
                new Progress<StepProgress>(),
                new NoCheckpoints(),
                Directory.CreateDirectory(_folder["scratch", Guid.NewGuid().ToString("N")]).FullName,
                CancellationToken.None
            )
        );
    }

    public Example[] Rows(DatasetRef dataset, string split) =>
        [.. SplitReader.Read(Path(dataset.Find(split)!.Content))];

    public SynthesisFindings Findings(DatasetRef dataset) =>
        JsonSerializer.Deserialize<SynthesisFindings>(File.ReadAllText(Path(dataset.Findings!)), WireFormat.Options)!;

    /// <summary>Files of vectors that are kept.</summary>
    public int KeptVectors() =>
        _services.GetRequiredService<IDocuments<KeptFileDocument>>().FindAsync().ToBlockingEnumerable().Count();

    private string Path(ArtefactRef artefact) => Artefacts.GetFileAsync(artefact).GetAwaiter().GetResult();

    private sealed class NoCheckpoints : IStepCheckpoints
    {
        public void Save(long position, string folder) => throw new NotSupportedException();

        public long? Restore(string folder) => null;
    }
}
