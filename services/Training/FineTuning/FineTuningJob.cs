using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;

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

    /// <summary>Where vectors of texts are kept between steps; null: nowhere.</summary>
    public KeptFiles? Kept { get; init; }

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

    /// <summary>The job of a strategy that hands labels on: one that no row has would never be handed on.</summary>
    /// <exception cref="BadInputException">The dataset is of another task, or has a label that no row of train has.</exception>
    public FineTuningJob ForEveryLabel(string strategy, int threads)
    {
        var job = ForLabels(strategy, threads);
        var lacking = Dataset.Labels.Except(Train.Labels).ToArray();
        return lacking.Length == 0
            ? job
            : throw new BadInputException(
                $"Step {Work.Step.Name}: no train row of '{Dataset.Name}' has the label {string.Join(", ", lacking)}, and strategy "
                    + $"{strategy} hands on the labels that it finds there; expected one row of each label at least."
            );
    }

    /// <summary>Opens an encoder. What the base model makes of texts is kept; one that the step trained is nobody else's.</summary>
    public IEmbedder OpenEncoder(string folder) =>
        KeptEncoder.Open(folder, Spec.MaxTokens, Compute, folder == BaseFolder ? Kept : null, Work.Stop);

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
