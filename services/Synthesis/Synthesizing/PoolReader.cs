using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Synthesis.Texts;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>Reads what a synthesis may read, and refuses what it cannot work on.</summary>
internal sealed class PoolReader(KeptFiles kept, IOptions<SynthesisOptions> options)
{
    public Pool Read(StepWork work)
    {
        var spec = work.Spec<SynthesisSpec>();
        var dataset = work.Dataset();
        Check(dataset, spec, work);
        Example[] train = [.. work.Rows(dataset.Find("train"))];
        Example[] rows =
        [
            .. train.Where(row => row.Label is not null),
            .. train.Where(row => row.Label is null),
            .. work.Rows(dataset.Find("unlabelled")),
        ];
        var labelled = train.Count(row => row.Label is not null);
        CheckClasses(dataset, spec, work, rows.Take(labelled));
        if (
            spec.Clusters != "auto"
            && spec.Method != "label-spreading"
            && int.Parse(spec.Clusters, System.Globalization.CultureInfo.InvariantCulture) > rows.Length
        )
            throw new BadInputException(
                $"Step {work.Step.Name}: clusters: {spec.Clusters} were asked for, and train and unlabelled of "
                    + $"'{dataset.Name}' have {rows.Length} rows; expected no more clusters than rows."
            );

        var threads = options.Value.ThreadsOrCores;
        var vectors = new TextVectors(work, spec.MaxTokens, threads);
        var model = work.Input("model")?.Model;
        var folder = model is null ? null : OpenEncoder(work, model);
        var points = folder is null
            ? vectors.Reduce(rows, spec.Dimensions, spec.Seed)
            : vectors.Embed(rows, folder, kept);
        return new(work.Step.Name, spec, dataset.Labels, rows, labelled, points, folder, threads, work.Stop);
    }

    private static void Check(DatasetRef dataset, SynthesisSpec spec, StepWork work)
    {
        if (dataset.Task is not (TaskType.Classification or TaskType.PairClassification))
            throw new BadInputException(
                $"Step {work.Step.Name}: '{dataset.Name}' is for {dataset.Task}; expected a dataset whose rows have one label each."
            );
        if (dataset.Find("train") is not { Labelled: > 0 })
            throw new BadInputException(
                $"Step {work.Step.Name}: '{dataset.Name}' has no labelled train split; expected labels to go by."
            );
        if (spec.Method is "k-means-recombine" or "k-means-mask-fill")
            return;
        if (dataset.Find("unlabelled") is not { Rows: > 0 })
            throw new BadInputException(
                $"Step {work.Step.Name}: '{dataset.Name}' has no unlabelled split, which {spec.Method} reads; expected a "
                    + "sample of a labelled dataset, or one that was ingested with unlabelled rows."
            );
    }

    private static void CheckClasses(DatasetRef dataset, SynthesisSpec spec, StepWork work, IEnumerable<Example> rows)
    {
        if (spec.Method == "cluster-ids")
            return;
        var lacking = dataset.Labels.Except(rows.Select(row => row.Label!)).ToArray();
        if (lacking.Length > 0)
            throw new BadInputException(
                $"Step {work.Step.Name}: no train row of '{dataset.Name}' has the label {string.Join(", ", lacking)}; "
                    + "expected one of each label at least."
            );
    }

    private static string OpenEncoder(StepWork work, ModelRef model) =>
        BaselineFolder.FindEncoder(work.OpenModel(model))
        ?? throw new BadInputException(
            $"Step {work.Step.Name}: 'model' names a baseline without an encoder; expected a transformer."
        );
}
