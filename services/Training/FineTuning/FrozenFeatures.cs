using Microsoft.Extensions.Options;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Training.FineTuning;

/// <summary>
/// The encoder stays as it is: normalised mean embeddings are computed once, and a logistic regression is fitted to them
/// up to its one optimum. Nothing is selected, so the dev split is not read.
/// </summary>
internal sealed class FrozenFeatures(IOptions<TrainingOptions> options) : IFineTuningStrategy
{
    private readonly int _threads = options.Value.ThreadsOrCores;

    public string Name => "frozen";

    public TrainedModel Train(FineTuningJob job, string folder)
    {
        job = job.ForLabels(Name, _threads);
        var (seconds, notes) = ClassifierHead.Fit(job, Encoder(job), folder);
        return new(Updates: 0, seconds, UsedDev: false, new Dictionary<string, double>(), [.. Notes(job), .. notes]);
    }

    /// <summary>The folder whose embeddings are the features.</summary>
    public static string Encoder(FineTuningJob job) => job.Spec.Weights == "random" ? DrawEncoder(job) : job.BaseFolder;

    /// <summary>What a reader must know of them.</summary>
    public static IEnumerable<string> Notes(FineTuningJob job)
    {
        if (job.Spec.Weights == "random")
            yield return "All weights were drawn anew.";
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
