using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Training.FineTuning;

/// <summary>Fits a pretrained model to a dataset, by the strategy that the step names.</summary>
/// <param name="kept">Where vectors of texts are kept, which many steps on one encoder ask for; left out, nowhere.</param>
internal sealed class FineTuningHandler(
    IEnumerable<IFineTuningStrategy> strategies,
    IOptions<TrainingOptions> options,
    KeptFiles? kept = null
) : IStepHandler
{
    public StepKind Kind => StepKinds.FineTune;

    public StepOutput Handle(StepWork work)
    {
        var environment = TrainingEnvironment.Enter(work, options.Value.ThreadsOrCores);
        var job = FineTuningJob.Open(work) with { Kept = kept };
        var strategy = strategies.Single(strategy => strategy.Name == job.Spec.Strategy);

        var folder = Directory.CreateDirectory(Path.Combine(work.Scratch, "trained")).FullName;
        using var memory = new PeakMemory();
        var trained = strategy.Train(job, folder);
        var card = Card(job, trained, environment) with { PeakMemory = memory.Bytes };
        return job.Spec.Keep == "none"
            ? new StepOutput(Files: new SortedDictionary<string, string> { ["card.json"] = work.Store(card).Hash })
            : new StepOutput(Model: work.StoreModel(folder, card), Files: trained.Checkpoints);
    }

    private static ModelCard Card(
        FineTuningJob job,
        TrainedModel trained,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var read = new List<SplitUse> { new(job.Dataset.Name, job.Dataset.Find("train")!, "training") };
        if (trained.UsedUnlabelled)
            read.Add(new(job.Dataset.Name, job.Dataset.Find("unlabelled")!, "training"));
        if (job.Spec.Mixup > 0 && job.Work.Input("clusters")?.Dataset is { } clusters)
            read.Add(new(clusters.Name, clusters.Find("train")!, "training"));
        if (trained.UsedDev)
            read.Add(new(job.Dataset.Name, job.Dataset.Find("dev")!, "selection"));
        return new ModelCard(
            job.BaseCard.Root,
            job.Spec.Strategy,
            job.Spec.Seed,
            SelectedOn: trained.UsedDev ? "dev" : "none",
            LabelsTrain: job.Train.Ingested,
            LabelsDev: trained.UsedDev ? job.Dev!.Count : 0,
            trained.Updates,
            trained.Seconds,
            job.Dataset.Task is TaskType.Regression or TaskType.QuestionAnswering ? [] : job.Dataset.Labels,
            // Weights drawn anew carry nothing of what the base model read.
            job.Spec.Weights == "random"
                ? read
                : [.. job.BaseCard.Ancestry, .. read],
            environment,
            trained.Scores,
            trained.Notes
        );
    }
}
