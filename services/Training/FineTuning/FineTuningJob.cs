using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Training.FineTuning;

/// <summary>One fine-tuning step, its inputs opened.</summary>
/// <param name="BaseFolder">The model it starts from, in Hugging Face layout.</param>
/// <param name="Dev">The split that chooses the weights; null where none does.</param>
internal sealed record FineTuningJob(
    StepWork Work,
    FineTuningSpec Spec,
    DatasetRef Dataset,
    string BaseFolder,
    ModelCard BaseCard,
    LabelledTexts Train,
    LabelledTexts? Dev
)
{
    /// <summary>Threads and device of what is computed beside the training itself.</summary>
    public ComputeOptions Compute { get; init; } = ComputeOptions.AllProcessors;

    public bool IsRegression => Dataset.Task == TaskType.Regression;

    /// <exception cref="BadInputException">The dataset is of another task or has nothing to learn from, or the model cannot be tuned.</exception>
    public static FineTuningJob Open(StepWork work)
    {
        var spec = work.Spec<FineTuningSpec>();
        var dataset = work.Dataset();
        if (dataset.Task is TaskType.Text)
            throw new BadInputException(
                $"Step {work.Step.Name}: dataset {dataset.Name} is text without labels; expected one to learn labels from."
            );
        var train =
            LabelledTexts.Read(work, dataset, "train")
            ?? throw new BadInputException(
                $"Step {work.Step.Name}: dataset {dataset.Name} has no labelled rows in its split train."
            );

        var model = work.Model();
        return new(
            work,
            spec,
            dataset,
            FindEncoder(work.OpenModel(model), work),
            work.Card(model),
            train,
            spec.SelectOn == "dev" ? LabelledTexts.Read(work, dataset, "dev") : null
        );
    }

    /// <summary>The job of a strategy that tells labels of texts apart.</summary>
    /// <exception cref="BadInputException">The dataset is of another task.</exception>
    public FineTuningJob ForLabels(string strategy, int threads) =>
        Dataset.Task is TaskType.Classification or TaskType.PairClassification
            ? this with
            {
                Compute = TrainingEnvironment.Compute(Work, threads),
            }
            : throw new BadInputException(
                $"Step {Work.Step.Name}: strategy {strategy} tells labels of texts apart; dataset {Dataset.Name} is for {Dataset.Task}."
            );

    /// <summary>The probability from which a label counts.</summary>
    public float Threshold(float usual) => Spec.Threshold is { } asked ? (float)asked : usual;

    /// <summary>A model of frozen features keeps its encoder in a folder below.</summary>
    private static string FindEncoder(string folder, StepWork work)
    {
        if (!File.Exists(Path.Combine(folder, BaselineFolder.Description)))
            return folder;
        var encoder = Path.Combine(folder, BaselineFolder.Encoder);
        return Directory.Exists(encoder)
            ? encoder
            : throw new BadInputException(
                $"Step {work.Step.Name}: '{work.Input("model")?.GivenAs ?? "model"}' is a baseline without an encoder; "
                    + "expected a model in Hugging Face layout."
            );
    }
}
