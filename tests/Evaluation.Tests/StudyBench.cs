using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Evaluating;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Evaluation.Tests;

/// <summary>A store of its own, with what a test needs to put datasets, models and steps into it.</summary>
internal sealed class StudyBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    public StudyBench()
    {
        _services = new ServiceCollection().AddEmbeddedStorage(_folder["home"]).BuildServiceProvider();
        Artefacts = _services.GetRequiredService<IArtefacts>();
        Steps = _services.GetRequiredService<IDocuments<StepDocument>>();
        Runs = _services.GetRequiredService<IDocuments<RunDocument>>();
    }

    public IArtefacts Artefacts { get; }

    public IDocuments<StepDocument> Steps { get; }

    public IDocuments<RunDocument> Runs { get; }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    /// <summary>Stores a split; examples are <c>text|label</c>, ids are split name and row number.</summary>
    public async Task<SplitRef> Split(string name, string[] rows, params SplitRef[] cutFrom)
    {
        var examples = rows.Select((row, index) => Parse(row, $"{name}-{index}"));
        SplitSummary? summary = null;
        var content = await Artefacts.StoreAsync(
            async (to, stop) => summary = await SplitWriter.WriteAsync(to, examples, stop)
        );
        return DatasetIdentity.Split(name, summary!, content, [.. cutFrom.Select(split => split.Id)]);
    }

    public static DatasetRef Dataset(string name, params SplitRef[] splits) =>
        DatasetIdentity.Dataset(name, TaskType.Classification, ["no", "yes"], splits);

    /// <summary>A model that knows the probability of <c>yes</c> for each text, and says 0.2 for all others.</summary>
    /// <param name="transformer">Whether its folder has a configuration, as one has.</param>
    public async Task<ModelRef> Model(Dictionary<string, float> yes, ModelCard? card = null, bool transformer = false)
    {
        var folder = Directory.CreateDirectory(_folder[Guid.NewGuid().ToString("N")]).FullName;
        card ??= Card();
        await File.WriteAllTextAsync(
            Path.Combine(folder, "answers.json"),
            JsonSerializer.Serialize(new Answers(card.Labels, yes))
        );
        if (transformer)
            await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), "{}");
        return await ModelFolders.StoreAsync(folder, card, Artefacts);
    }

    public static ModelCard Card(params SplitUse[] ancestry) =>
        new(
            "minilm",
            "none",
            13,
            ancestry.Any(use => use.Purpose == "selection") ? "dev" : "none",
            32,
            16,
            400,
            12.5,
            ["no", "yes"],
            ancestry,
            new Dictionary<string, string> { ["threads"] = "2" },
            new Dictionary<string, double>(),
            []
        );

    public StepWork Work(StepDocument step) =>
        new(
            step,
            Artefacts,
            new Progress<StepProgress>(),
            new NoCheckpoints(),
            Directory.CreateDirectory(_folder["scratch", Guid.NewGuid().ToString("N")]).FullName,
            CancellationToken.None
        );

    public static StepDocument Step(string name, StepKind kind, object spec, params StepInput[] inputs) =>
        new()
        {
            Id = $"r1.{name}",
            Run = "r1",
            Name = name,
            Cell = new Dictionary<string, string>(),
            Uses = kind.Uses,
            Parameters = (JsonObject)JsonSerializer.SerializeToNode(spec, WireFormat.Options)!,
            Inputs = inputs,
            Needs = [],
        };

    /// <summary>Runs an <c>evaluate</c> step with few resamples.</summary>
    public StepOutput Evaluate(string split, params StepInput[] inputs) =>
        new EvaluationHandler(Steps, new AnsweringOpener(), new CountedTime()).Handle(
            Work(Step("scores", StepKinds.Evaluate, new EvaluationSpec { Split = split, Resamples = 200 }, inputs))
        );

    public ModelScores[] Scores(StepOutput output) =>
        JsonSerializer.Deserialize<ModelScores[]>(Text(output.Rows!.Hash), WireFormat.Options)!;

    public string Text(string hash) =>
        File.ReadAllText(Artefacts.GetFileAsync(new ArtefactRef(hash)).GetAwaiter().GetResult());

    private static Example Parse(string row, string id)
    {
        var parts = row.Split('|');
        return new Example(id, parts[0], Label: parts.Length > 1 ? parts[1] : null);
    }

    private sealed class NoCheckpoints : IStepCheckpoints
    {
        public void Save(long position, string folder) => throw new NotSupportedException();

        public long? Restore(string folder) => null;
    }
}
