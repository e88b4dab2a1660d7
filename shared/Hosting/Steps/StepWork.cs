using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Steps;

/// <summary>All that a handler sees of the step it works on.</summary>
public sealed class StepWork(
    StepDocument step,
    IArtefacts artefacts,
    IProgress<StepProgress> progress,
    IStepCheckpoints checkpoints,
    string scratch,
    CancellationToken stop,
    string device = "cpu"
)
{
    private readonly Dictionary<string, string> _names = []; // of models, by the folders that they were copied to

    /// <summary>The document as it was claimed.</summary>
    public StepDocument Step { get; } = step;

    public IArtefacts Artefacts { get; } = artefacts;

    /// <summary>Takes every report; the runtime stores at most two a second.</summary>
    public IProgress<StepProgress> Progress { get; } = progress;

    public IStepCheckpoints Checkpoints { get; } = checkpoints;

    /// <summary>An empty folder that is deleted when the step ends.</summary>
    public string Scratch { get; } = scratch;

    /// <summary>Fires on cancel, on a lost lease and when the process is asked to stop.</summary>
    public CancellationToken Stop { get; } = stop;

    /// <summary>The device whose slot the step has, <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device { get; } = device;

    /// <summary>The parameters as the kind's spec.</summary>
    /// <exception cref="BadInputException">They ask for an input that the step lacks.</exception>
    public T Spec<T>()
    {
        var spec =
            Step.Parameters.Deserialize<T>(WireFormat.Options)
            ?? throw new InvalidDataException($"Step {Step.Id} has no parameters.");
        var lacking = (spec as IInputNeeds)?.Lacking(name => Input(name) is not null || Inputs(name).Count > 0);
        return lacking?.FirstOrDefault() is { } first
            ? throw new BadInputException($"Step {Step.Name}: {first}.")
            : spec;
    }

    /// <summary>The input of that name, or null where it was not given.</summary>
    public StepInput? Input(string name) => Step.Inputs.FirstOrDefault(input => input.Name == name);

    /// <summary>The elements of a list input, in order.</summary>
    public IReadOnlyList<StepInput> Inputs(string name) =>
        [.. Step.Inputs.Where(input => input.Name.StartsWith(name + ".", StringComparison.Ordinal))];

    /// <summary>The dataset given as that parameter.</summary>
    public DatasetRef Dataset(string name = "dataset") =>
        Input(name)?.Dataset ?? throw new BadInputException($"Step {Step.Name}: '{name}' must name a dataset.");

    /// <summary>The model given as that parameter.</summary>
    public ModelRef Model(string name = "model") =>
        Input(name)?.Model ?? throw new BadInputException($"Step {Step.Name}: '{name}' must name a model.");

    /// <summary>Copies (by link where possible) a model's files into a folder in Hugging Face layout; returns the folder.</summary>
    public string OpenModel(ModelRef model)
    {
        var folder = ModelFolders.MaterialiseAsync(model, Artefacts, Scratch, Stop).GetAwaiter().GetResult();
        _names[folder] = Step.Inputs.FirstOrDefault(input => input.Model == model) switch
        {
            { GivenAs: { } name } => $"model {name}",
            { Name: var name } => $"'{name}'",
            _ => "the model",
        };
        return folder;
    }

    /// <summary>A handler's error; what is wrong with a model is told under the name that the scenario has for it.</summary>
    internal Exception Named(Exception error) =>
        error is BadInputException wrong ? wrong.Naming(_names.Select(known => (known.Key, known.Value))) : error;

    /// <summary>Stores a folder and its card as a model.</summary>
    public ModelRef StoreModel(string folder, ModelCard card) =>
        ModelFolders.StoreAsync(folder, card, Artefacts, Stop).GetAwaiter().GetResult();

    /// <summary>The card that came with a model.</summary>
    public ModelCard Card(ModelRef model) => Read<ModelCard>(model.Card);

    /// <summary>A local copy of an artefact, not to be written to.</summary>
    public string FileOf(ArtefactRef artefact) => Artefacts.GetFileAsync(artefact, Stop).GetAwaiter().GetResult();

    /// <summary>The rows of a split, read while they are asked for; none where there is no split.</summary>
    public IEnumerable<Example> Rows(SplitRef? split) => split is null ? [] : SplitReader.Read(FileOf(split.Content));

    /// <summary>Stores rows as a split.</summary>
    /// <param name="cutFrom">Ids of the splits that its rows were taken from, nearest first.</param>
    public SplitRef StoreRows(string name, IEnumerable<Example> rows, IEnumerable<string> cutFrom) =>
        Artefacts.StoreSplit(name, rows, cutFrom, Stop);

    /// <summary>A JSON artefact.</summary>
    public T Read<T>(ArtefactRef artefact)
    {
        using var file = File.OpenRead(FileOf(artefact));
        return JsonSerializer.Deserialize<T>(file, WireFormat.Options)
            ?? throw new InvalidDataException($"Artefact {artefact.Hash} is empty.");
    }

    /// <summary>Stores a value as a JSON artefact.</summary>
    public ArtefactRef Store<T>(T value) =>
        Store((to, stop) => JsonSerializer.SerializeAsync(to, value, WireFormat.Options, stop));

    /// <summary>Stores values as an artefact of JSON Lines.</summary>
    public ArtefactRef StoreLines<T>(IEnumerable<T> values) =>
        Store((to, stop) => WireFormat.WriteLinesAsync(to, values, stop));

    /// <summary>Stores what is written.</summary>
    public ArtefactRef Store(Func<Stream, CancellationToken, Task> write) =>
        Artefacts.StoreAsync(write, Stop).GetAwaiter().GetResult();
}

/// <summary>Checkpoints of one step under one fence; the newest two are kept, all deleted at completion.</summary>
public interface IStepCheckpoints
{
    /// <summary>Stores all files of a folder as the newest checkpoint and points the step's document to it.</summary>
    void Save(long position, string folder);

    /// <summary>Writes the newest readable checkpoint into an empty folder and returns its position; null where there is none.</summary>
    long? Restore(string folder);
}
