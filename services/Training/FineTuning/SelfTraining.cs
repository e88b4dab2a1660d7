using Microsoft.Extensions.Options;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Training.FineTuning;

/// <summary>
/// Plain pseudo-labels (Lee 2013): a model labels the unlabelled texts of which it is sure, and learns from them. It can
/// lose as well as win; the guard throws a student away that the dev split finds worse.
/// </summary>
internal sealed class SelfTraining(IOptions<TrainingOptions> options) : IFineTuningStrategy
{
    public const float UsualThreshold = 0.75f;

    public string Name => "self-training";

    public TrainedModel Train(FineTuningJob job, string folder)
    {
        job = job.ForEveryLabel(Name, options.Value.ThreadsOrCores);
        var pool = UnlabelledTexts.Read(job.Work, job.Dataset, job.Spec.Pool, job.Spec.Seed);
        if (job.Spec.Guard)
            DevScore.Split(job);
        return job.Spec.Teacher == "frozen"
            ? new FrozenRounds(job, pool).Run(folder)
            : new StudentRounds(job, pool, TaskFit.Of, (teacher, round) => Label(job, pool, teacher, round)).Run(
                folder
            );
    }

    private static List<PseudoLabel> Label(FineTuningJob job, UnlabelledTexts pool, string teacher, int round)
    {
        job.Work.Progress.Report(new(0, $"labelling {pool.Count} texts for student {round}"));
        using var classifier = Classifiers.Open(teacher, job.Compute);
        return Sure(classifier.Predict(pool.Texts, job.Work.Stop), job.Threshold(UsualThreshold));
    }

    /// <summary>The likeliest label of each text where it reaches the threshold.</summary>
    public static List<PseudoLabel> Sure(IReadOnlyList<float[]> probabilities, float threshold) =>
        [
            .. probabilities
                .Select((row, text) => (Text: text, Label: Array.IndexOf(row, row.Max()), Highest: row.Max()))
                .Where(found => found.Highest >= threshold)
                .Select(found => new PseudoLabel(found.Text, found.Label)),
        ];
}
