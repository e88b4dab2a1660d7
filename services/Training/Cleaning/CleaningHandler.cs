using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Cleaning;

/// <summary>
/// Confident learning: rows of train whose label other rows speak against leave it, or weigh less. The rows ranked by doubt
/// are an artefact; hidden labels are handed on and not read.
/// </summary>
/// <param name="kept">Where vectors of texts are kept, which many steps on one encoder ask for; left out, nowhere.</param>
internal sealed class CleaningHandler(IOptions<TrainingOptions> options, KeptFiles? kept = null) : IStepHandler
{
    /// <summary>The artefact that lists the rows, the most doubtful first: one JSON object a line.</summary>
    public const string Ranking = "label-doubts.jsonl";

    private readonly int _threads = options.Value.ThreadsOrCores;

    public StepKind Kind => StepKinds.CleanLabels;

    public StepOutput Handle(StepWork work)
    {
        var spec = work.Spec<CleaningSpec>();
        var dataset = work.Dataset();
        var texts = Check(work, dataset, spec);
        var judged = new OutOfFold(spec, Encoder(work, spec)).Predict(
            texts,
            dataset.Labels.Count,
            part => work.Progress.Report(new((double)part / spec.Folds, $"part {part} of {spec.Folds} judged")),
            work.Stop
        );
        int[] given = [.. texts.Targets.Select(target => (int)target)];
        var likely = ConfidentLearning.Likely(given, judged);
        var doubts = texts
            .Ids.Select(
                (id, row) =>
                    new LabelDoubt(
                        id,
                        texts.Labels[row],
                        dataset.Labels[likely[row]],
                        judged[row][given[row]],
                        likely[row] != given[row]
                    )
            )
            .OrderByDescending(doubt => doubt.Doubted)
            .ThenBy(doubt => doubt.Confidence)
            .ThenBy(doubt => doubt.Id, StringComparer.Ordinal)
            .ToList();
        return new StepOutput(
            Cleaned(work, dataset, spec, doubts),
            Files: new SortedDictionary<string, string> { [Ranking] = work.StoreLines(doubts).Hash }
        );
    }

    private static LabelledTexts Check(StepWork work, DatasetRef dataset, CleaningSpec spec)
    {
        if (dataset.Task is not (TaskType.Classification or TaskType.PairClassification))
            throw new BadInputException(
                $"Step {work.Step.Name}: clean-labels judges labels of texts; dataset {dataset.Name} is for {dataset.Task}."
            );
        var texts =
            LabelledTexts.Read(work, dataset, "train")
            ?? throw new BadInputException(
                $"Step {work.Step.Name}: dataset {dataset.Name} has no labelled rows in its split train."
            );
        var fewest = texts.Targets.CountBy(target => target).MinBy(count => count.Value);
        if (fewest.Value < 2)
            throw new BadInputException(
                $"Step {work.Step.Name}: class '{dataset.Labels[(int)fewest.Key]}' has one row in train; expected at least 2, so that one part may judge the other."
            );
        if (texts.Count < spec.Folds)
            throw new BadInputException(
                $"Step {work.Step.Name}: {texts.Count} rows cannot be cut into {spec.Folds} parts; expected as many rows or more."
            );
        return texts;
    }

    private Func<ITextFeatures>? Encoder(StepWork work, CleaningSpec spec)
    {
        if (work.Input("features")?.Model is not { } model)
            return null;
        TrainingEnvironment.Enter(work, _threads);
        var folder =
            BaselineFolder.FindEncoder(work.OpenModel(model))
            ?? throw new BadInputException(
                $"Step {work.Step.Name}: 'features' names a baseline without an encoder; expected tf-idf or a transformer."
            );
        return () =>
            new EmbeddingFeatures(
                folder,
                spec.MaxTokens,
                KeptEncoder.Open(folder, spec.MaxTokens, TrainingEnvironment.Compute(work, _threads), kept, work.Stop)
            );
    }

    private static DatasetRef Cleaned(StepWork work, DatasetRef dataset, CleaningSpec spec, List<LabelDoubt> doubts)
    {
        if (spec.Action == "rank")
            return dataset;
        var train = dataset.Find("train")!;
        var byId = doubts.ToLookup(doubt => (doubt.Id, doubt.Label));
        var rows = work.Rows(train)
            .Select(row => (Row: row, Doubt: row.Label is null ? null : byId[(row.Id, row.Label)].First()));
        var kept =
            spec.Action == "prune"
                ? rows.Where(one => one.Doubt is not { Doubted: true }).Select(one => one.Row)
                : rows.Select(one =>
                    one.Doubt is { } doubt ? one.Row with { Weight = one.Row.Weight * doubt.Confidence } : one.Row
                );

        var split = work.StoreRows("train", kept, [train.Id, .. train.CutFrom]);
        return DatasetIdentity.Replacing(dataset, split) with { Findings = dataset.Findings };
    }
}

/// <summary>What is held of a row's label.</summary>
/// <param name="Likely">The label that the other rows speak for.</param>
/// <param name="Confidence">Probability of its own label.</param>
internal sealed record LabelDoubt(string Id, string Label, string Likely, float Confidence, bool Doubted);
