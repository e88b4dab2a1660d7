using System.Diagnostics;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Training.Baselines;

/// <summary>Trains a baseline on the train split, with fixed settings: nothing is selected.</summary>
/// <param name="openEncoder">Opens an encoder's folder, given the tokens it reads of a text; left out, with TorchSharp.</param>
/// <param name="kept">Where vectors of texts are kept, which many steps on one encoder ask for; left out, nowhere.</param>
internal sealed class BaselineHandler(
    IOptions<TrainingOptions> options,
    Func<string, int, IEmbedder>? openEncoder = null,
    KeptFiles? kept = null
) : IStepHandler
{
    private readonly int _threads = options.Value.ThreadsOrCores;

    public StepKind Kind => StepKinds.Baseline;

    public StepOutput Handle(StepWork work)
    {
        var spec = work.Spec<BaselineSpec>();
        var dataset = work.Dataset();
        var encoder = spec.Algorithm == "majority" ? null : work.Input("features")?.Model;
        if (dataset.Task is not (TaskType.Classification or TaskType.PairClassification))
            throw new BadInputException(
                $"{dataset.Name}: a baseline needs a classification dataset, not {dataset.Task}."
            );
        var texts =
            LabelledTexts.Read(work, dataset, "train")
            ?? throw new BadInputException($"{dataset.Name}: a baseline needs labelled rows in the split train.");

        var more =
            encoder is null && BaselineSpec.ReadsUnlabelled.Values.Contains(spec.Vocabulary)
                ? UnlabelledTexts.Read(work, dataset, most: null, spec.Seed)
                : null;

        var environment = encoder is null
            ? TrainingEnvironment.Describe(work, _threads)
            : TrainingEnvironment.Enter(work, _threads);
        IEmbedder OpenTransformer(string folder, int maxTokens) =>
            KeptEncoder.Share(
                KeptEncoder.Open(folder, maxTokens, TrainingEnvironment.Compute(work, _threads), kept, work.Stop),
                work,
                dataset,
                texts
            );
        using var memory = new PeakMemory();
        var watch = Stopwatch.StartNew();
        using var trained = new BaselineTraining(spec, _threads, openEncoder ?? OpenTransformer).Train(
            texts,
            dataset.Labels,
            encoder is null ? null : OpenEncoder(work, encoder),
            work.Progress,
            work.Stop,
            more?.Texts
        );
        var seconds = watch.Elapsed.TotalSeconds;

        var folder = Path.Combine(work.Scratch, "baseline");
        BaselineFolder.Save(folder, trained, spec.Algorithm, Parameters(spec, texts.Count));
        var encoderCard = encoder is null ? null : work.Card(encoder);
        var read = new List<SplitUse> { new(dataset.Name, dataset.Find("train")!, "training") };
        if (more is not null)
            read.Add(new(dataset.Name, dataset.Find("unlabelled")!, "training"));
        var card = new ModelCard(
            Root: spec.Algorithm,
            Strategy: "none",
            Seed: spec.Algorithm == "random-forest" ? spec.Seed : null,
            SelectedOn: "none",
            LabelsTrain: texts.Ingested,
            LabelsDev: 0,
            Updates: 0,
            seconds,
            dataset.Labels,
            [.. encoderCard?.Ancestry ?? [], .. read],
            environment,
            Scores: new Dictionary<string, double>(),
            [.. Notes(spec, trained, texts, encoderCard)],
            PeakMemory: memory.Bytes
        );
        return new StepOutput(Model: work.StoreModel(folder, card));
    }

    private static string OpenEncoder(StepWork work, ModelRef encoder) =>
        BaselineFolder.FindEncoder(work.OpenModel(encoder))
        ?? throw new BadInputException(
            $"Step {work.Step.Name}: 'features' names a baseline without an encoder; expected tf-idf or a transformer."
        );

    private static Dictionary<string, double> Parameters(BaselineSpec spec, int rows) =>
        spec.Algorithm switch
        {
            "random-forest" => new()
            {
                ["trees"] = spec.Trees,
                ["seed"] = spec.Seed,
                ["rows"] = rows,
            },
            "majority" => new() { ["rows"] = rows },
            "nearest-neighbours" => new() { ["neighbours"] = spec.Neighbours, ["rows"] = rows },
            _ => new() { ["c"] = spec.C, ["rows"] = rows },
        };

    private static IEnumerable<string> Notes(
        BaselineSpec spec,
        BaselineClassifier trained,
        LabelledTexts texts,
        ModelCard? encoder
    )
    {
        if (encoder is not null)
            yield return $"Features: L2-normalised mean embeddings of {encoder.Root}.";
        if (trained.Model is LinearModel { Converged: false })
            yield return "The fit ended at its largest number of iterations, before it had converged.";
        foreach (var label in Enumerable.Range(0, trained.Labels.Count).Where(label => !texts.Targets.Contains(label)))
            yield return $"No training row has the label {trained.Labels[label]}.";
        if (spec.Algorithm == "linear-svm")
            yield return "Probabilities are the softmax of the margins and not calibrated: only their order has a meaning.";
    }
}
