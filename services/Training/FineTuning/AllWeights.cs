using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>Plain fine-tuning: every weight of encoder and head moves.</summary>
internal sealed class AllWeights : IFineTuningStrategy
{
    public string Name => "none";

    public TrainedModel Train(FineTuningJob job, string folder) => Train(job, folder, TaskFit.Of);

    /// <param name="open">Puts the head upon the model that is asked for.</param>
    /// <param name="round">Which of several trainings of the step it is; null where it is the only one or the first.</param>
    public static TrainedModel Train(FineTuningJob job, string folder, OpenFit open, RoundCheckpoint? round = null)
    {
        var spec = job.Spec;
        var tokenizer = Tokenizers.Open(job.BaseFolder);
        using var fit = TaskFit.Open(job, tokenizer, open);
        var checkpoints = new StepTrainingCheckpoints(job.Work, spec.Keep == "all" ? fit.Save : null, round);
        var plan = Plan(spec, fit.Task.Lengths.Count);
        var progress = new StepTrainingProgress(job.Work, round);
        var result = new TrainingLoop(fit.Task, plan, checkpoints, progress, fit.IdOf).Run(job.Work.Stop);

        fit.Save(folder);
        tokenizer.Save(folder, fit.MaxTokens); // so that inference reads what training read
        return new(
            result.Updates,
            result.Seconds,
            UsedDev: job.Dev is not null,
            Scores(job, result),
            Notes(job, fit, result),
            checkpoints.Kept
        );
    }

    private static TrainingPlan Plan(FineTuningSpec spec, int examples)
    {
        var perEpoch = (examples + spec.Batch - 1) / spec.Batch;
        return new(
            TrainingLength.Updates(spec.Updates, spec.Epochs, examples, perEpoch),
            spec.Batch,
            spec.LearningRate,
            new AdamWOptions(spec.WeightDecay, spec.L2, spec.ClipNorm),
            spec.WarmUp,
            spec.LengthWindow,
            spec.OrderSeed ?? spec.Seed,
            spec.EvaluateEvery,
            spec.Patience,
            spec.PatienceThreshold ?? 0,
            spec.CheckpointEvery,
            spec.LayerDecay,
            spec.Accumulate,
            spec.Mixout is { } rate ? new(rate, spec.NewTopBlocks, spec.Seed) : null,
            spec.AveragedWeights
        );
    }

    private static SortedDictionary<string, double> Scores(FineTuningJob job, TrainingResult result)
    {
        var scores = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["trainingLoss"] = result.Loss };
        if (result.Score is not { } score)
            return scores;
        if (job.Dataset.Task is TaskType.Regression or TaskType.QuestionAnswering || job.Spec.SelectBy == "loss")
            scores["loss"] = -score;
        else
            scores[job.Spec.SelectBy] = score;
        return scores;
    }

    private static List<string> Notes(FineTuningJob job, TaskFit fit, TrainingResult result)
    {
        var notes = new List<string>(fit.Notes);
        if (job.Spec.Weights == "random")
            notes.Add("All weights were drawn anew.");
        else if (fit.NewWeights.Count > 0)
            notes.Add($"Started new: {string.Join(", ", fit.NewWeights)}.");
        if (TrainingLength.IsShort(result.Updates, job.Train.Count))
            notes.Add(
                $"{result.Updates} updates on {job.Train.Count} rows; below {TrainingLength.SmallSet} rows "
                    + $"a fair comparison makes at least {TrainingLength.FewestUpdates}."
            );
        if (DevScore.AtChance(job, result.Score) is { } chance)
            notes.Add(chance);
        if (result.Kept < result.Updates)
            notes.Add($"The weights are those after update {result.Kept}.");
        return notes;
    }
}
