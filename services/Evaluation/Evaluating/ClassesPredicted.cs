using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>One label, or one number, for each row.</summary>
internal sealed class ClassesPredicted : IPredicted
{
    private readonly ScoredPart _part;
    private readonly Predictions _predictions;
    private readonly bool _numbers;

    private ClassesPredicted(ScoredPart part, Predictions predictions)
    {
        (_part, _predictions) = (part, predictions);
        _numbers = part.Choice.Dataset.Task is TaskType.Regression;
        Labels = [.. part.Choice.Dataset.Labels.Union(predictions.Labels)];
    }

    public IReadOnlyList<string> Labels { get; }

    // A baseline may well be the majority's.
    public IReadOnlyList<string> Notes =>
        !_numbers
        && File.Exists(Path.Combine(_part.Folder, "config.json"))
        && _part.Examples.Select(example => example.Label).OfType<string>().Distinct().Count() > 1
        && Enumerable.Range(0, _part.Examples.Length).Select(_predictions.LabelOf).Distinct().ToList() is [var only]
            ? [$"Collapsed: every text is predicted {only}."]
            : [];

    public static ClassesPredicted By(IClassifierOpener opener, ScoredPart part)
    {
        using var classifier = opener.Open(part.Folder);
        TaskGuard.RefuseLabels(part.Name, classifier, part.Examples, part.Choice, part.Work.Step.Name);
        var outputs = part.Predict(examples =>
            classifier.Predict(
                Array.ConvertAll(examples, example => new ModelText(example.Text, example.TextB)),
                part.Work.Stop
            )
        );
        return new(part, new Predictions(classifier.Regression ? [] : classifier.Labels, outputs));
    }

    public IReadOnlyDictionary<string, MetricValue> Metrics(int[] rows) =>
        _numbers
            ? Scoring.Metrics(Scoring.Numbers(_part.Examples, _predictions, rows), _part.Spec)
            : Scoring.Metrics(Scoring.Rows(_part.Examples, _predictions, Labels, rows), _part.Spec);

    public IReadOnlyList<ClassScores> Classes(int[] rows) =>
        _numbers ? [] : Scoring.Classes(Scoring.Rows(_part.Examples, _predictions, Labels, rows).Confusion, Labels);

    public IReadOnlyList<IReadOnlyList<int>> Confusion(int[] rows) =>
        _numbers ? [] : Scoring.Rows(_part.Examples, _predictions, Labels, rows).Confusion.ToRows();

    public Task WriteAsync(Stream to, CancellationToken cancellation) =>
        _predictions.WriteAsync(_part.Examples, to, cancellation);
}
