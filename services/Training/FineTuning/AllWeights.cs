using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>Plain fine-tuning: every weight of encoder and head moves.</summary>
internal sealed class AllWeights : IFineTuningStrategy
{
    public string Name => "none";

    public TrainedModel Train(FineTuningJob job, string folder)
    {
        var spec = job.Spec;
        var masks = new DropoutMasks(spec.Seed);
        var tokenizer = Tokenizers.Open(job.BaseFolder);
        using var model = SequenceClassification.Open(job.BaseFolder, Settings(spec, masks), Task(job));
        var longest = Math.Min(spec.MaxTokens, model.Encoder.MaxTokens);
        var train = Encode(job.Train, tokenizer, longest);
        var dev = job.Dev is null ? null : Encode(job.Dev, tokenizer, longest);
        var task = new SequenceTask(model, masks, tokenizer.PadId, train, dev, spec.SelectBy);

        var checkpoints = new StepTrainingCheckpoints(job.Work, spec.Keep == "all" ? model.Save : null);
        var plan = Plan(spec, job.Train.Count);
        var result = new TrainingLoop(task, plan, checkpoints, new StepTrainingProgress(job.Work)).Run(job.Work.Stop);

        model.Save(folder);
        tokenizer.Save(folder, longest); // so that inference reads what training read
        return new(
            result.Updates,
            result.Seconds,
            UsedDev: dev is not null,
            Scores(job, result),
            Notes(job, model.NewWeights, result),
            checkpoints.Kept
        );
    }

    private static ModelSettings Settings(FineTuningSpec spec, DropoutMasks masks) =>
        new()
        {
            Masks = masks,
            Dropout = spec.Dropout,
            Seed = spec.InitialisationSeed ?? spec.Seed,
            FromScratch = spec.Weights == "random",
        };

    private static ClassifierTask Task(FineTuningJob job) =>
        new(
            job.IsRegression ? ["LABEL_0"] : job.Dataset.Labels,
            job.IsRegression,
            job.Spec.Pooling == "mean" ? Pooling.Mean : Pooling.Pooler
        );

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
            spec.CheckpointEvery
        );
    }

    private static TrainingExamples Encode(LabelledTexts texts, ITokenizer tokenizer, int longest) =>
        new(
            [.. texts.Texts.Select(text => tokenizer.Encode(text.First, text.Second, longest))],
            texts.Targets,
            texts.Weights
        );

    private static SortedDictionary<string, double> Scores(FineTuningJob job, TrainingResult result)
    {
        var scores = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["trainingLoss"] = result.Loss };
        if (result.Score is not { } score)
            return scores;
        if (job.IsRegression || job.Spec.SelectBy == "loss")
            scores["loss"] = -score;
        else
            scores[job.Spec.SelectBy] = score;
        return scores;
    }

    private static List<string> Notes(FineTuningJob job, IReadOnlyList<string> started, TrainingResult result)
    {
        var notes = new List<string>();
        if (job.Spec.Weights == "random")
            notes.Add("All weights were drawn anew.");
        else if (started.Count > 0)
            notes.Add($"Started new: {string.Join(", ", started)}.");
        if (TrainingLength.IsShort(result.Updates, job.Train.Count))
            notes.Add(
                $"{result.Updates} updates on {job.Train.Count} rows; below {TrainingLength.SmallSet} rows "
                    + $"a fair comparison makes at least {TrainingLength.FewestUpdates}."
            );
        if (result.Kept < result.Updates)
            notes.Add($"The weights are those after update {result.Kept}.");
        return notes;
    }
}
