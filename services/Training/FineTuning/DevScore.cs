using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>What a guard compares teacher and student by: the step's <c>selectBy</c> on the dev split, higher is better.</summary>
internal static class DevScore
{
    /// <exception cref="BadInputException">There is no labelled dev split.</exception>
    public static LabelledTexts Split(FineTuningJob job) =>
        job.Dev
        ?? throw new BadInputException(
            $"Step {job.Work.Step.Name}: 'guard' compares students on the dev split, and dataset {job.Dataset.Name} has no labelled one; expected one, or 'guard: false'."
        );

    /// <summary>How a note tells it; nothing where there is none.</summary>
    public static string Told(FineTuningJob job, double? score) =>
        score is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {job.Spec.SelectBy} {score:0.0000} on dev");

    /// <summary>
    /// A note where a training's best score on dev is no better than that of one label for all rows; null where it is, where no
    /// dev split selects, and for metrics that have no such level.
    /// </summary>
    public static string? AtChance(FineTuningJob job, double? score)
    {
        if (
            score is null
            || job.Dataset.Task is not (TaskType.Classification or TaskType.PairClassification)
            || job.Spec.SelectBy is not ("accuracy" or "macroF1" or "matthews")
        )
            return null;
        var truth = Split(job).Targets.Select(target => (int)target).ToList();
        if (truth.Distinct().Count() == 1)
            return null;
        var chance = SelectionScore.OfOneLabel(job.Spec.SelectBy, truth, job.Dataset.Labels.Count);
        return score > chance
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{ModelScores.Collapsed}on dev its {job.Spec.SelectBy} is never above {chance:0.000}, which one label for all texts reaches."
            );
    }

    public static double Of(FineTuningJob job, IClassifier classifier) =>
        Of(job, classifier.Predict(Split(job).Texts, job.Work.Stop));

    /// <param name="probabilities">Of the rows of dev.</param>
    public static double Of(FineTuningJob job, IReadOnlyList<float[]> probabilities)
    {
        var truth = Split(job).Targets.Select(target => (int)target).ToList();
        return job.Spec.SelectBy == "loss"
            ? probabilities.Zip(truth, (row, label) => Math.Log(Math.Max(row[label], 1e-12f))).Average()
            : SelectionScore.Of(
                job.Spec.SelectBy,
                truth,
                [.. probabilities.Select(row => Array.IndexOf(row, row.Max()))],
                job.Dataset.Labels.Count
            );
    }
}
