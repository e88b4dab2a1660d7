using System.Diagnostics;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Training.Baselines;

namespace TransferPipeline.Training.FineTuning;

/// <summary>
/// The encoder stays as it is: normalised mean embeddings are computed once, and a logistic regression is fitted to them
/// up to its one optimum. Nothing is selected, so the dev split is not read.
/// </summary>
internal sealed class FrozenFeatures(IOptions<TrainingOptions> options) : IFineTuningStrategy
{
    private const string Algorithm = "logistic";
    private const double DefaultC = 1.0;

    private readonly int _threads = options.Value.ThreadsOrCores;

    public string Name => "frozen";

    public TrainedModel Train(FineTuningJob job, string folder)
    {
        if (job.Dataset.Task is not (TaskType.Classification or TaskType.PairClassification))
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: strategy frozen tells labels of texts apart; dataset {job.Dataset.Name} is for {job.Dataset.Task}."
            );

        var watch = Stopwatch.StartNew();
        var spec = new BaselineSpec
        {
            Algorithm = Algorithm,
            C = job.Spec.C ?? DefaultC,
            MaxTokens = job.Spec.MaxTokens,
        };
        TransformerEmbedder OpenEncoder(string folder, int maxTokens) =>
            TransformerEmbedder.Open(folder, maxTokens, TrainingEnvironment.Compute(job.Work, _threads));
        using var trained = new BaselineTraining(spec, _threads, OpenEncoder).Train(
            job.Train,
            job.Dataset.Labels,
            job.Spec.Weights == "random" ? DrawEncoder(job) : job.BaseFolder,
            job.Work.Progress,
            job.Work.Stop
        );
        var seconds = watch.Elapsed.TotalSeconds;
        var cutOff = trained.CutOff(job.Train.Texts);
        var longTexts = new LongTexts(job, "tokens", "what the encoder reads");
        longTexts.Check("train", job.Train, cutOff);
        BaselineFolder.Save(folder, trained, Algorithm, new Dictionary<string, double> { ["c"] = spec.C });
        return new(
            Updates: 0,
            seconds,
            UsedDev: false,
            new Dictionary<string, double>(),
            [.. Notes(job, trained), .. longTexts.Notes(cutOff)]
        );
    }

    private static IEnumerable<string> Notes(FineTuningJob job, BaselineClassifier trained)
    {
        if (job.Spec.Weights == "random")
            yield return "All weights were drawn anew.";
        if (trained.Model is LinearModel { Converged: false })
            yield return "The fit ended at its largest number of iterations, before it had converged.";
    }

    /// <summary>The same architecture and tokenizer, with weights drawn anew.</summary>
    private static string DrawEncoder(FineTuningJob job)
    {
        var folder = Directory.CreateDirectory(Path.Combine(job.Work.Scratch, "drawn")).FullName;
        var seed = job.Spec.InitialisationSeed ?? job.Spec.Seed;
        using var model = SequenceClassification.Open(
            job.BaseFolder,
            new ModelSettings { Seed = seed, FromScratch = true },
            new ClassifierTask(job.Dataset.Labels)
        );
        model.Save(folder);
        Tokenizers.Open(job.BaseFolder).Save(folder);
        return folder;
    }
}
