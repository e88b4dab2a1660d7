using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Pretraining;

/// <summary>Trains a masked language model on the texts of a dataset; of its labels, and of dev and test, nothing is read.</summary>
internal sealed class PretrainingHandler(IOptions<TrainingOptions> options) : IStepHandler
{
    private const int MeasuredTexts = 1024;
    private static readonly string[] SplitsRead = ["train", "unlabelled"];

    public StepKind Kind => StepKinds.Pretrain;

    public StepOutput Handle(StepWork work)
    {
        var environment = TrainingEnvironment.Enter(work.Step, options.Value.ThreadsOrCores);
        var spec = work.Spec<PretrainingSpec>();
        var (start, anew) = Start(work);
        var folder = work.OpenModel(start);
        var masks = new DropoutMasks(spec.Seed);
        var settings = new ModelSettings
        {
            Masks = masks,
            Seed = spec.Seed,
            FromScratch = anew,
        };
        var tokenizer = Tokenizers.Open(folder);
        using var model = MaskedLanguageModel.Open(folder, settings);
        var task = Task(work, spec, model, masks, tokenizer);

        var plan = new TrainingPlan(
            spec.Updates,
            spec.Batch,
            spec.LearningRate,
            new AdamWOptions(spec.WeightDecay),
            spec.WarmUp,
            OrderSeed: spec.Seed,
            CheckpointEvery: spec.CheckpointEvery
        );
        var checkpoints = new StepTrainingCheckpoints(work, saveModel: null);
        var result = new TrainingLoop(task, plan, checkpoints, new StepTrainingProgress(work)).Run(work.Stop);
        var (loss, accuracy) = task.Measure(MeasuredTexts, work.Stop);

        var output = Directory.CreateDirectory(Path.Combine(work.Scratch, "trained")).FullName;
        model.Save(output);
        tokenizer.Save(output);
        var scores = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["maskedLoss"] = loss,
            ["maskedAccuracy"] = accuracy,
            ["trainingLoss"] = result.Loss,
        };
        var card = Card(work, spec, anew, model.NewWeights, result, scores, environment);
        return new StepOutput(Model: work.StoreModel(output, card));
    }

    /// <summary>The model to go on with, or the one whose architecture and vocabulary a new one takes.</summary>
    private static (ModelRef Model, bool Anew) Start(StepWork work) =>
        (work.Input("model")?.Model, work.Input("config")?.Model) switch
        {
            ({ } model, null) => (model, false),
            (null, { } config) => (config, true),
            _ => throw new BadInputException(
                $"Step {work.Step.Name}: expected either 'model', to go on with, or 'config', to start from nothing."
            ),
        };

    private static MaskedLanguageTask Task(
        StepWork work,
        PretrainingSpec spec,
        MaskedLanguageModel model,
        DropoutMasks masks,
        ITokenizer tokenizer
    )
    {
        var mask =
            tokenizer.MaskId
            ?? throw new BadInputException($"Step {work.Step.Name}: the vocabulary has no token that masks another.");
        var longest = Math.Min(spec.MaxTokens, model.Encoder.MaxTokens);
        var texts = Texts(work)
            .Select(row => tokenizer.Encode(row.Text, row.TextB, longest))
            .Where(text => text.Ids.Any(id => !tokenizer.SpecialIds.Contains(id)))
            .ToList();
        if (texts.Count == 0)
            throw new BadInputException(
                $"Step {work.Step.Name}: dataset {work.Dataset().Name} has no texts in train or unlabelled."
            );
        var corruption = new MaskedTokens(spec.MaskRate, mask, tokenizer.VocabularySize, tokenizer.SpecialIds);
        return new(model, masks, corruption, tokenizer.PadId, texts, spec.Seed);
    }

    private static IEnumerable<Example> Texts(StepWork work) =>
        SplitsRead
            .Select(work.Dataset().Find)
            .OfType<SplitRef>()
            .SelectMany(split =>
                SplitReader.Read(work.Artefacts.GetFileAsync(split.Content, work.Stop).GetAwaiter().GetResult())
            );

    private static ModelCard Card(
        StepWork work,
        PretrainingSpec spec,
        bool anew,
        IReadOnlyList<string> started,
        TrainingResult result,
        IReadOnlyDictionary<string, double> scores,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var dataset = work.Dataset();
        var start = work.Card(Start(work).Model);
        var read = SplitsRead
            .Select(dataset.Find)
            .OfType<SplitRef>()
            .Select(split => new SplitUse(dataset.Name, split, "training"));
        return new ModelCard(
            start.Root,
            Strategy: "none",
            spec.Seed,
            SelectedOn: "none",
            LabelsTrain: 0,
            LabelsDev: 0,
            result.Updates,
            result.Seconds,
            Labels: [],
            [.. anew ? [] : start.Ancestry, .. read],
            environment,
            scores,
            anew ? ["All weights were drawn anew."]
                : started.Count > 0 ? [$"Started new: {string.Join(", ", started)}."]
                : []
        );
    }
}
