using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>Opens a model with a head, and reads the rows for it.</summary>
internal delegate TaskFit OpenFit(FineTuningJob job, ITokenizer tokenizer, ModelSettings settings);

/// <summary>A model with the head that a task asks for, and its rows as that head reads them.</summary>
/// <param name="MaxTokens">Tokens read of a row.</param>
/// <param name="NewWeights">Weights that the checkpoint lacked and that were drawn.</param>
/// <param name="Notes">What a reader must know of how the rows were read.</param>
/// <param name="IdOf">The id of the row that an example of the task is of.</param>
internal sealed record TaskFit(
    ITrainingTask Task,
    int MaxTokens,
    IReadOnlyList<string> NewWeights,
    Action<string> Save,
    IReadOnlyList<string> Notes,
    Func<int, string> IdOf
) : IDisposable
{
    public static TaskFit Open(FineTuningJob job, ITokenizer tokenizer, OpenFit open)
    {
        var spec = job.Spec;
        var fit = open(job, tokenizer, Settings(job));
        try
        {
            Encoder.Below(fit.Task.Model).Check(tokenizer, job.BaseFolder);
            CheckBlocks(job, ParameterDepth.Blocks(fit.Task.Model));
            if (spec.Mixout > 0 && spec.Weights == "random")
                throw new BadInputException(
                    $"Step {job.Work.Step.Name}: mixout mixes with pretrained weights; expected it without 'weights: random'."
                );
            ParameterDepth.Freeze(fit.Task.Model, spec.FrozenBlocks);
            return fit;
        }
        catch
        {
            fit.Dispose();
            throw;
        }
    }

    /// <summary>How a model is opened that is to be trained.</summary>
    public static ModelSettings Settings(FineTuningJob job) =>
        new()
        {
            Masks = new DropoutMasks(job.Spec.Seed),
            Dropout = job.Spec.Dropout,
            AttentionDropout = job.Spec.AttentionDropout,
            ClassifierDropout = job.Spec.ClassifierDropout,
            Seed = job.Spec.InitialisationSeed ?? job.Spec.Seed,
            FromScratch = job.Spec.Weights == "random",
            NewTopBlocks = job.Spec.NewTopBlocks,
            Placement = TrainingEnvironment.PlacementOf(job.Work),
        };

    /// <summary>The head that the dataset's task asks for.</summary>
    public static TaskFit Of(FineTuningJob job, ITokenizer tokenizer, ModelSettings settings)
    {
        if (
            job.Dataset.Task is TaskType.TokenClassification or TaskType.QuestionAnswering
            && job.Train.Weights is not null
        )
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: dataset {job.Dataset.Name} weighs its rows; expected equal weights in {job.Dataset.Task}."
            );
        if (job.Dataset.Task is not (TaskType.Classification or TaskType.PairClassification))
            RefuseLabelOptions(job);
        CheckSelection(job);
        return job.Dataset.Task switch
        {
            TaskType.TokenClassification => TagFit.Open(job, tokenizer, settings),
            TaskType.QuestionAnswering => AnswerFit.Open(job, tokenizer, settings),
            _ => SequenceFit.Open(job, tokenizer, settings),
        };
    }

    /// <exception cref="BadInputException">What is to choose the weights is nothing that the dataset's task has.</exception>
    public static void CheckSelection(FineTuningJob job)
    {
        var (selectBy, dataset) = (job.Spec.SelectBy, job.Dataset);
        if (selectBy == "entityF1" && dataset.Task is not TaskType.TokenClassification)
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: selectBy entityF1 counts entities; dataset {dataset.Name} is for {dataset.Task}."
            );
        var labels = dataset.Task is TaskType.Classification or TaskType.PairClassification ? dataset.Labels.Count : 0;
        if (selectBy == "f1" && labels != 2)
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: selectBy f1 is that of the second of two labels; dataset {dataset.Name} is for "
                    + $"{dataset.Task} and has {dataset.Labels.Count}. For more labels there is macroF1."
            );
    }

    private static void RefuseLabelOptions(FineTuningJob job)
    {
        if (job.Spec.AsksForLabels())
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: labelSmoothing, focal, classWeights, rDrop, generalised, reverseCrossEntropy, "
                    + "crossEntropy, softBootstrap, hardBootstrap, logitAdjustment, resample, adversarial and mixup are for labels of texts; "
                    + $"dataset {job.Dataset.Name} is for {job.Dataset.Task}."
            );
    }

    private static void CheckBlocks(FineTuningJob job, int blocks)
    {
        if (job.Spec.FrozenBlocks + job.Spec.NewTopBlocks > blocks)
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: the model has {blocks} blocks; expected frozenBlocks and newTopBlocks to be no "
                    + $"more together, not {job.Spec.FrozenBlocks} and {job.Spec.NewTopBlocks}."
            );
    }

    public void Dispose() => Task.Model.Dispose();
}
