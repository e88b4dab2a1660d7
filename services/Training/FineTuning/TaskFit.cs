using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>A model with the head that a task asks for, and its rows as that head reads them.</summary>
/// <param name="MaxTokens">Tokens read of a row.</param>
/// <param name="NewWeights">Weights that the checkpoint lacked and that were drawn.</param>
/// <param name="Notes">What a reader must know of how the rows were read.</param>
internal sealed record TaskFit(
    ITrainingTask Task,
    int MaxTokens,
    IReadOnlyList<string> NewWeights,
    Action<string> Save,
    IReadOnlyList<string> Notes
) : IDisposable
{
    public static TaskFit Open(FineTuningJob job, ITokenizer tokenizer)
    {
        var spec = job.Spec;
        var settings = new ModelSettings
        {
            Masks = new DropoutMasks(spec.Seed),
            Dropout = spec.Dropout,
            Seed = spec.InitialisationSeed ?? spec.Seed,
            FromScratch = spec.Weights == "random",
        };
        if (
            job.Dataset.Task is TaskType.TokenClassification or TaskType.QuestionAnswering
            && job.Train.Weights is not null
        )
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: dataset {job.Dataset.Name} weighs its rows; expected equal weights in {job.Dataset.Task}."
            );
        if (spec.SelectBy == "entityF1" && job.Dataset.Task is not TaskType.TokenClassification)
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: selectBy entityF1 counts entities; dataset {job.Dataset.Name} is for {job.Dataset.Task}."
            );
        return job.Dataset.Task switch
        {
            TaskType.TokenClassification => TagFit.Open(job, tokenizer, settings),
            TaskType.QuestionAnswering => AnswerFit.Open(job, tokenizer, settings),
            _ => SequenceFit.Open(job, tokenizer, settings),
        };
    }

    public void Dispose() => Task.Model.Dispose();
}
