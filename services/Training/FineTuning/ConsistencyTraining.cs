using Microsoft.Extensions.Options;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>
/// FixMatch on texts (Sohn et al. 2020): what the model says of an unlabelled text, where it is sure, is what it learns to
/// say of the text with words changed.
/// </summary>
internal sealed class ConsistencyTraining(IOptions<TrainingOptions> options) : IFineTuningStrategy
{
    private const float UsualThreshold = 0.95f;
    private const int LookedAt = 256;

    public string Name => "consistency";

    public TrainedModel Train(FineTuningJob job, string folder)
    {
        job = job.ForEveryLabel(Name, options.Value.ThreadsOrCores);
        var pool = UnlabelledTexts.Read(job.Work, job.Dataset, job.Spec.Pool, job.Spec.Seed);
        var trained = AllWeights.Train(job, folder, Open);
        return trained with
        {
            UsedUnlabelled = true,
            Notes =
            [
                .. trained.Notes,
                $"Beside the labels it read {pool.Count} unlabelled texts, and learnt from those that it was sure of; in the end these are "
                    + $"{Sure(job, pool, folder)} of the first {Math.Min(pool.Count, LookedAt)}.",
            ],
        };

        TaskFit Open(FineTuningJob job, ITokenizer tokenizer, ModelSettings settings) =>
            SequenceFit.Open(
                job,
                tokenizer,
                settings,
                (task, model, longest) =>
                    new ConsistencyTask(task, model, tokenizer, longest, pool.Texts, Options(job), job.Spec.Seed)
            );
    }

    /// <summary>Where these are none the texts may have taught nothing.</summary>
    private static int Sure(FineTuningJob job, UnlabelledTexts pool, string folder)
    {
        using var classifier = Classifiers.Open(folder, job.Compute);
        var predicted = classifier.Predict([.. pool.Texts.Take(LookedAt)], job.Work.Stop);
        return SelfTraining.Sure(predicted, job.Threshold(UsualThreshold)).Count;
    }

    private static ConsistencyOptions Options(FineTuningJob job) =>
        new(
            job.Spec.UnlabelledRatio,
            job.Spec.UnlabelledWeight,
            job.Threshold(UsualThreshold),
            job.Spec.Temperature,
            new("swap", job.Spec.WeakRate),
            new(job.Spec.StrongEdit, job.Spec.StrongRate),
            job.Spec.AlignDistribution ? LabelLoss.Shares(job) : null
        );
}
