using System.Globalization;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Pretraining;

/// <summary>Trains a language model on the texts of a dataset, by the objective that the step names.</summary>
internal sealed class PretrainingHandler(
    IEnumerable<IPretrainingObjective> objectives,
    IOptions<TrainingOptions> options
) : IStepHandler
{
    public StepKind Kind => StepKinds.Pretrain;

    public StepOutput Handle(StepWork work)
    {
        var environment = TrainingEnvironment.Enter(work, options.Value.ThreadsOrCores);
        var job = PretrainingJob.Open(work);
        var (spec, tokenizer) = (job.Spec, job.Tokenizer);
        using var objective = objectives.Single(one => one.Name == spec.Objective).Open(job);
        objective.Encoder.Check(tokenizer, job.Folder);

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
        var progress = new StepTrainingProgress(work);
        var result = new TrainingLoop(objective.Task, plan, checkpoints, progress).Run(work.Stop);
        var measured = objective.Task.Measure(work.Stop);

        var output = Directory.CreateDirectory(Path.Combine(work.Scratch, "trained")).FullName;
        objective.Save(output);
        tokenizer.Save(output);
        var scores = new SortedDictionary<string, double>(
            objective.Scores(measured).ToDictionary(score => score.Name, score => score.Value),
            StringComparer.Ordinal
        )
        {
            ["trainingLoss"] = result.Loss,
        };
        var card = Card(job, result, scores, environment, Notes(job, objective, measured));
        return new StepOutput(Model: work.StoreModel(output, card));
    }

    private static IReadOnlyList<string> Notes(PretrainingJob job, ObjectiveInUse objective, LanguageScore measured)
    {
        var notes = new List<string>(job.Notes);
        if (job.Anew)
            notes.Add("All weights were drawn anew.");
        else if (objective.NewWeights.Count > 0)
            notes.Add($"Started new: {string.Join(", ", objective.NewWeights)}.");
        var texts =
            job.Texts.HeldOut.Count == 0
                ? "the texts it was trained on"
                : $"{job.Texts.HeldOut.Count} texts kept out of training";
        notes.Add(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Perplexity {measured.Perplexity:0.0} over {measured.Tokens} tokens of {texts}."
            )
        );
        return notes;
    }

    private static ModelCard Card(
        PretrainingJob job,
        TrainingResult result,
        IReadOnlyDictionary<string, double> scores,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<string> notes
    )
    {
        var dataset = job.Work.Dataset();
        var start = job.Work.Card(job.Start);
        var read = PretrainingTexts
            .SplitsRead.Select(dataset.Find)
            .OfType<SplitRef>()
            .Select(split => new SplitUse(dataset.Name, split, "training"));
        return new ModelCard(
            start.Root,
            Strategy: "none",
            job.Spec.Seed,
            SelectedOn: "none",
            LabelsTrain: 0,
            LabelsDev: 0,
            result.Updates,
            result.Seconds,
            Labels: [],
            [.. job.Anew ? [] : start.Ancestry, .. read],
            environment,
            scores,
            notes
        );
    }
}
