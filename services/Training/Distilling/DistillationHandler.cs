using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Training;
using TransferPipeline.Training.Pretraining;

namespace TransferPipeline.Training.Distilling;

/// <summary>Trains a student from a teacher on the texts of a dataset; dev and test are not read.</summary>
internal sealed class DistillationHandler(IEnumerable<IDistillation> distillations, IOptions<TrainingOptions> options)
    : IStepHandler
{
    public StepKind Kind => StepKinds.Distil;

    public StepOutput Handle(StepWork work)
    {
        var environment = TrainingEnvironment.Enter(work, options.Value.ThreadsOrCores);
        var job = DistillationJob.Open(work);
        var spec = job.Spec;
        using var distillation = distillations.Single(one => one.Name == spec.Objective).Open(job);
        Encoder.Below(distillation.Task.Model).Check(job.Tokenizer, job.Student);

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
        using var memory = new PeakMemory();
        var result = new TrainingLoop(distillation.Task, plan, checkpoints, progress).Run(work.Stop);

        var scores = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["trainingLoss"] = result.Loss };
        foreach (var (name, value) in distillation.Measure(work.Stop))
            scores[name] = value;
        var output = Directory.CreateDirectory(Path.Combine(work.Scratch, "trained")).FullName;
        distillation.Save(output);
        job.Tokenizer.Save(output);
        var card = Card(job, distillation, result, scores, environment) with { PeakMemory = memory.Bytes };
        return new StepOutput(Model: work.StoreModel(output, card));
    }

    private static ModelCard Card(
        DistillationJob job,
        DistillationInUse distillation,
        TrainingResult result,
        IReadOnlyDictionary<string, double> scores,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var dataset = job.Work.Dataset();
        var read = PretrainingTexts
            .SplitsRead.Select(dataset.Find)
            .OfType<SplitRef>()
            .Select(split => new SplitUse(dataset.Name, split, "training"));
        return new ModelCard(
            job.StudentCard.Root,
            Strategy: "distil",
            job.Spec.Seed,
            // What chose the teacher's weights has a part in its student's.
            job.TeacherCard.SelectedOn,
            Math.Max(distillation.LabelsRead, job.TeacherCard.LabelsTrain),
            job.TeacherCard.LabelsDev,
            result.Updates,
            result.Seconds,
            distillation.Labels,
            [.. job.TeacherCard.Ancestry.Union(job.StudentCard.Ancestry), .. read],
            environment,
            scores,
            [.. Notes(job, distillation)]
        );
    }

    private static IEnumerable<string> Notes(DistillationJob job, DistillationInUse distillation)
    {
        yield return job.Made
            ? $"A student made of blocks of {job.TeacherCard.Root}."
            : $"Taught by {job.TeacherCard.Root}.";
        if (distillation.Started.Count > 0)
            yield return $"Started new: {string.Join(", ", distillation.Started)}.";
    }
}
