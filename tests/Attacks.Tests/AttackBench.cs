using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Attacks.Tests;

/// <summary>A store of artefacts, a very small classifier of three labels, and texts that it is right about.</summary>
internal sealed class AttackBench : IDisposable, IStepCheckpoints, IProgress<StepProgress>
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private int _works;
    private long? _position;

    /// <param name="model">A golden folder's name.</param>
    public AttackBench(string model = "bert-sequence-classification")
    {
        _model = GoldenFolders.Of(model)[0];
        Artefacts = new FileArtefacts(_folder["artefacts"], TimeProvider.System);
    }

    public FileArtefacts Artefacts { get; }

    /// <summary>Called at each report.</summary>
    public Action AtReport { get; set; } = () => { };

    public DatasetRef Dataset(params string[] texts) => Dataset(texts, name => name);

    /// <param name="rename">Of the labels that the model gives.</param>
    public DatasetRef Dataset(IReadOnlyList<string> texts, Func<string, string> rename)
    {
        using var model = Classifiers.Open(_model);
        var said = model.Predict([.. texts.Select(text => new ModelText(text))]);
        var examples = texts.Select(
            (text, at) =>
                new Example($"row-{at}", text, Label: rename(model.Labels[Array.IndexOf(said[at], said[at].Max())]))
        );
        return DatasetIdentity.Dataset(
            "texts",
            TaskType.Classification,
            [.. model.Labels.Select(rename)],
            [Split("train", examples), Split("test", examples)]
        );
    }

    /// <summary>Questions with the answers that the model gives, or with none.</summary>
    public DatasetRef Questions((string Question, string Context)[] texts, bool answered = true)
    {
        using var model = AnswerFinder.Open(_model);
        var found = model.Answer(
            [.. texts.Select(text => new ModelText(text.Question, text.Context))],
            new AnswerSearch()
        );
        var examples = texts.Select(
            (text, at) =>
                new Example(
                    $"row-{at}",
                    text.Question,
                    text.Context,
                    Answers.Write(answered ? [new(found[at].Text, found[at].Start)] : [])
                )
        );
        return DatasetIdentity.Dataset(
            "questions",
            TaskType.QuestionAnswering,
            [Answers.Answerable],
            [Split("train", examples), Split("test", examples)]
        );
    }

    public StepOutput Attack(DatasetRef dataset, AttackSpec spec, CancellationToken stop = default) =>
        AttackWith(dataset, spec, [], stop);

    /// <param name="pieces">What the attacks on parts of the examples gave.</param>
    public StepOutput Attack(DatasetRef dataset, AttackSpec spec, IEnumerable<StepOutput> pieces) =>
        AttackWith(
            dataset,
            spec,
            pieces.Select((piece, at) => new StepInput($"pieces.{at}", File: new(piece.Files![AttackSummary.File])))
        );

    /// <param name="models">Further inputs by name, and the golden folders of their models.</param>
    public StepOutput Attack(DatasetRef dataset, AttackSpec spec, IEnumerable<(string Name, string Folder)> models) =>
        AttackWith(
            dataset,
            spec,
            models.Select(one => new StepInput(one.Name, Model: Stored(GoldenFolders.Of(one.Folder)[0])))
        );

    private StepOutput AttackWith(
        DatasetRef dataset,
        AttackSpec spec,
        IEnumerable<StepInput> further,
        CancellationToken stop = default
    )
    {
        var step = new StepDocument
        {
            Id = "run.step",
            Run = "run",
            Name = "attacked",
            Cell = Nothing(),
            Uses = StepKinds.Attack.Uses,
            Parameters = (JsonObject)JsonSerializer.SerializeToNode(spec, WireFormat.Options)!,
            Inputs = [new("model", Model: Stored(_model)), new("dataset", Dataset: dataset), .. further],
            Needs = [],
        };
        var scratch = Directory.CreateDirectory(_folder[$"{++_works}"]).FullName;
        return new AttackHandler(TimeProvider.System).Handle(new(step, Artefacts, this, this, scratch, stop));
    }

    private ModelRef Stored(string folder)
    {
        var card = new ModelCard(
            "m",
            "none",
            null,
            "none",
            0,
            0,
            0,
            0,
            [],
            [],
            Nothing(),
            new Dictionary<string, double>(),
            []
        );
        return ModelFolders.StoreAsync(folder, card, Artefacts).GetAwaiter().GetResult();
    }

    public string Text(string artefact) => File.ReadAllText(PathOf(artefact));

    public string PathOf(string artefact) => Artefacts.GetFileAsync(new ArtefactRef(artefact)).GetAwaiter().GetResult();

    public IReadOnlyList<Example> Rows(DatasetRef dataset, string split) =>
        [.. SplitReader.Read(Artefacts.GetFileAsync(dataset.Find(split)!.Content).GetAwaiter().GetResult())];

    public void Save(long position, string folder)
    {
        Directory.CreateDirectory(_folder["kept"]);
        foreach (var file in Directory.EnumerateFiles(folder))
            File.Copy(file, _folder["kept", Path.GetFileName(file)], overwrite: true);
        _position = position;
    }

    public long? Restore(string folder)
    {
        if (_position is not null)
            foreach (var file in Directory.EnumerateFiles(_folder["kept"]))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return _position;
    }

    public void Report(StepProgress value) => AtReport();

    public void Dispose() => _folder.Dispose();

    private SplitRef Split(string name, IEnumerable<Example> rows) => Artefacts.StoreSplit(name, rows);

    private static Dictionary<string, string> Nothing() => [];
}
