using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Scores models on one split.</summary>
internal sealed class EvaluationHandler(IDocuments<StepDocument> steps, IClassifierOpener opener) : IStepHandler
{
    private const int TextsPerCall = 1024;

    public StepKind Kind => StepKinds.Evaluate;

    public StepOutput Handle(StepWork work)
    {
        var spec = work.Spec<EvaluationSpec>();
        var models = work.Inputs("models");
        var choice = SplitChoice.Of(work, spec.Split, steps);
        TaskGuard.RefuseTask(choice.Dataset, work.Step.Name);

        var cards = models.Select(input => work.Card(ModelOf(input, work))).ToArray();
        for (var index = 0; index < models.Count; index++)
            SelectionGuard.Refuse(NameOf(models[index]), cards[index], choice, work);

        var examples = Splits.Read(choice.Split, work).ToArray();
        var seenTexts = new SeenTexts(examples);
        var scores = new List<ModelScores>();
        var files = new Dictionary<string, string>();
        for (var index = 0; index < models.Count; index++)
        {
            var part = new Part(index, models.Count, NameOf(models[index]));
            var predictions = Predict(part, ModelOf(models[index], work), examples, choice, work);
            var stored = work
                .Artefacts.StoreAsync((to, stop) => predictions.WriteAsync(examples, to, stop), work.Stop)
                .GetAwaiter()
                .GetResult();
            files[$"predictions-{index}.jsonl"] = stored.Hash;
            var seen = seenTexts.By(cards[index], work);
            scores.Add(
                Score(spec, choice, cards[index], examples, predictions, seen) with
                {
                    Predictions = stored.Hash,
                }
            );
        }
        return new StepOutput(Rows: work.Store(scores), Files: files);
    }

    private Predictions Predict(Part part, ModelRef model, Example[] examples, SplitChoice choice, StepWork work)
    {
        using var classifier = opener.Open(work.OpenModel(model));
        TaskGuard.RefuseLabels(part.Model, classifier, examples, choice, work.Step.Name);

        var outputs = new List<float[]>(examples.Length);
        foreach (var chunk in examples.Chunk(TextsPerCall))
        {
            work.Stop.ThrowIfCancellationRequested();
            ModelText[] texts = Array.ConvertAll(chunk, example => new ModelText(example.Text, example.TextB));
            outputs.AddRange(classifier.Predict(texts, work.Stop));
            PipelineMetrics.AddExamples(work.Step.Uses, chunk.Length);
            work.Progress.Report(part.Progress(outputs.Count, examples.Length));
        }
        return new Predictions(classifier.Regression ? [] : classifier.Labels, outputs);
    }

    private static ModelScores Score(
        EvaluationSpec spec,
        SplitChoice choice,
        ModelCard card,
        Example[] examples,
        Predictions predictions,
        bool[] seen
    )
    {
        int[] all = [.. Enumerable.Range(0, examples.Length).Where(row => examples[row].Label is not null)];
        int[] unseen = [.. all.Where(row => !seen[row])];
        string[] labels = [.. choice.Dataset.Labels.Union(predictions.Labels)];
        var numbers = choice.Dataset.Task is TaskType.Regression;
        var metrics = Metrics(all);
        var confusion = numbers ? null : Scoring.Rows(examples, predictions, labels, all).Confusion;
        return new ModelScores(
            card.Root,
            card.Strategy,
            choice.Dataset.Name,
            choice.Split.Name,
            all.Length,
            card.SelectedOn,
            card.LabelsTrain,
            card.LabelsDev,
            card.Updates,
            card.Seconds,
            labels,
            metrics,
            confusion is null ? [] : Scoring.Classes(confusion, labels),
            confusion?.ToRows() ?? [],
            Seen: all.Length - unseen.Length,
            unseen.Length == all.Length ? metrics : Metrics(unseen),
            Predictions: "",
            card.Notes,
            choice.Split
        );

        IReadOnlyDictionary<string, MetricValue> Metrics(int[] rows) =>
            numbers
                ? Scoring.Metrics(Scoring.Numbers(examples, predictions, rows), spec)
                : Scoring.Metrics(Scoring.Rows(examples, predictions, labels, rows), spec);
    }

    private static ModelRef ModelOf(StepInput input, StepWork work) => work.Model(input.Name);

    private static string NameOf(StepInput input) => input.GivenAs ?? input.From?.Value ?? input.Name;

    /// <summary>Which of the models is being scored.</summary>
    private readonly record struct Part(int Index, int Count, string Model)
    {
        public StepProgress Progress(int done, int of) =>
            new((Index + (double)done / of) / Count, $"model {Index + 1} of {Count}, {done} of {of} texts");
    }
}
