using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Augmentation.Tests;

/// <summary>A store of artefacts, datasets in it, and steps over them.</summary>
internal sealed class Bench : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _works;

    public Bench() => Artefacts = new FileArtefacts(_folder["artefacts"], TimeProvider.System);

    public FileArtefacts Artefacts { get; }

    /// <summary>A classification dataset of the labels that its rows have, and those that are named.</summary>
    public DatasetRef Dataset(string[] labels, params (string Split, IEnumerable<Example> Rows)[] splits) =>
        DatasetIdentity.Dataset(
            "set",
            TaskType.Classification,
            labels,
            splits.Select(split => Split(split.Split, split.Rows))
        );

    public SplitRef Split(string name, IEnumerable<Example> rows) => Artefacts.StoreSplit(name, rows);

    public ArtefactRef Store(string text) =>
        Artefacts
            .StoreAsync((to, stop) => to.WriteAsync(Encoding.UTF8.GetBytes(text), stop).AsTask())
            .GetAwaiter()
            .GetResult();

    public ArtefactRef StoreFile(string path) => Store(File.ReadAllText(path));

    public List<Example> Rows(DatasetRef dataset, string split) =>
        [.. SplitReader.Read(Path(dataset.Find(split)!.Content.Hash))];

    public T Read<T>(StepOutput output, string file) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(Path(output.Files![file])), WireFormat.Options)!;

    public string Path(string hash) => Artefacts.GetFileAsync(new ArtefactRef(hash)).GetAwaiter().GetResult();

    public StepWork Work(StepKind kind, object spec, params StepInput[] inputs)
    {
        var step = new StepDocument
        {
            Id = "run.step",
            Run = "run",
            Name = "step",
            Cell = new Dictionary<string, string>(),
            Uses = kind.Uses,
            Parameters = (JsonObject)JsonSerializer.SerializeToNode(spec, WireFormat.Options)!,
            Inputs = inputs,
            Needs = [],
        };
        var scratch = Directory.CreateDirectory(_folder[$"scratch-{Interlocked.Increment(ref _works)}"]).FullName;
        return new(step, Artefacts, new Progress<StepProgress>(), null!, scratch, default);
    }

    public void Dispose() => _folder.Dispose();
}
